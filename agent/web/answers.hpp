#pragma once

#include "agent/net/http_server.hpp"
#include "agent/web/brand.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace agent::web {

inline constexpr const char* no_page = "There is no such page.";

net::server_response plain(unsigned status, std::string words);

net::server_response no_content();

net::server_response see_other(const std::string& where);

/// What belongs to the pages ("/page.css"), which a browser may keep if it asks whether it is the
/// same; and of a shop's brand ("/brand/logo"). Nothing if there is no such file.
std::optional<net::server_response> file_at(
    std::string_view path, const brand& look = plain_brand());

/// What keeps a page to itself: no script, style, image or frame from elsewhere, nothing kept.
/// `referrer` is a policy (W3C Referrer Policy).
void protect(net::server_response& answer, const char* referrer);

}  // namespace agent::web
