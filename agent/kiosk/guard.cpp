#include "agent/kiosk/guard.hpp"

#include "agent/base/base64.hpp"
#include "agent/base/digest.hpp"
#include "platform/text.hpp"

#include <boost/asio/ip/address_v4.hpp>

namespace agent::kiosk {
namespace {

bool same_secret(std::string_view given, const platform::secret& expected)
{
    return sha256(platform::view_of(given)) == sha256(platform::view_of(expected.reveal()));
}

}  // namespace

bool shows_token(const net::http_request& asked, const platform::secret& token)
{
    constexpr std::string_view bearer = "Bearer ";
    constexpr std::string_view basic = "Basic ";
    std::string_view given = asked["authorization"];
    if (platform::starts_with_ignoring_case(given, bearer))
        return same_secret(given.substr(bearer.size()), token);
    if (!platform::starts_with_ignoring_case(given, basic))
        return false;
    auto decoded = from_base64(given.substr(basic.size()));
    if (!decoded)
        return false;
    std::string_view pair = platform::text_of(*decoded);
    auto colon = pair.find(':');
    return colon != pair.npos && same_secret(pair.substr(colon + 1), token);
}

bool is_for_this_device(const net::http_request& asked)
{
    std::string_view host = asked["host"];
    auto bracket = host.rfind(']');
    auto bare = host.substr(0, bracket == host.npos ? host.rfind(':') : bracket + 1);
    if (bare == "localhost" || bare == "[::1]")
        return true;
    error_code ec;
    auto address = asio::ip::make_address_v4(bare, ec);  // "127.0.0.1.evil.example" is none
    return !ec && address.is_loopback();
}

bool is_from_own_page(const net::http_request& asked, std::string_view scheme)
{
    std::string_view site = asked["sec-fetch-site"];
    if (!site.empty() && site != "same-origin" && site != "none")
        return false;
    std::string_view origin = asked["origin"];
    return origin.empty() || origin == std::string(scheme) + "://" + std::string(asked["host"]);
}

}  // namespace agent::kiosk
