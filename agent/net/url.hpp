#pragma once

#include "agent/base/vocabulary.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace agent::net {

/// Where a connection goes: a host name or IP literal (without brackets) and a port.
struct origin {
    std::string host{};
    std::uint16_t port = 443;

    friend bool operator==(const origin&, const origin&) = default;
};

/// "host" or "host:port" (the port left out when it is `usual`), IPv6 in brackets.
std::string to_string(const origin& where, std::uint16_t usual = 443);

/// The parts of "scheme://[user[:password]@]host[:port][/path][?query]".
struct url {
    std::string scheme{};    // lower case
    std::string userinfo{};  // as written, percent-encoded; only proxies have one
    origin where{};
    std::string path{};   // as written: "" or "/x" or "/x/"
    std::string query{};  // as written, with its "?"; empty for none
};

/// Splits a URL (RFC 3986, section 3). A port that is not named is the scheme's: 443, 80 for http,
/// 1883 for mqtt, 8883 for mqtts. A fragment, white space, what is not ASCII, a bad port or an
/// empty host is refused with words that say so, without path and query, which may be secret.
result<url> parse_url(std::string_view text);

}  // namespace agent::net
