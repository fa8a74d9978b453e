#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/url.hpp"
#include "platform/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agent::net {

/// An HTTP proxy that tunnels TLS with CONNECT (RFC 9110, section 9.3.6).
struct proxy {
    origin where{};
    platform::secret authorization{};  // "Basic ...", empty without credentials
};

/// Which connections go through a proxy, and which past it.
struct proxy_settings {
    std::optional<proxy> through{};
    std::vector<std::string> except{};  // hosts and domains; "*" is all
};

/// A proxy from "http://[user:password@]host[:port]"; fails on another scheme.
result<proxy> parse_proxy(std::string_view text);

/// The list that no_proxy spells: separated by commas or blanks, leading dots dropped.
std::vector<std::string> parse_no_proxy(std::string_view text);

/// True if a connection to `host` goes past the proxy: an entry is that host, a domain
/// above it, or "*".
bool is_exempt(const proxy_settings& settings, std::string_view host);

/// "Basic " and the base64 of "user:password" (RFC 7617).
platform::secret basic_authorization(std::string_view user, std::string_view password);

}  // namespace agent::net
