#pragma once

#include "agent/net/http_server.hpp"
#include "platform/secret.hpp"

namespace agent::kiosk {

/// True if a request shows the token: as a bearer (RFC 6750), or as the password of whatever user
/// (RFC 7617). Takes a time that tells nothing about the token.
bool shows_token(const net::http_request& asked, const platform::secret& token);

/// True if a request names this device itself: "localhost" or a loopback address, with any port. A
/// name that somebody else's DNS points here is none of them.
bool is_for_this_device(const net::http_request& asked);

/// True if a form comes from our own page, and not from another that the browser has open.
/// `scheme` is that of our page.
bool is_from_own_page(const net::http_request& asked, std::string_view scheme);

}  // namespace agent::kiosk
