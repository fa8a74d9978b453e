#include "agent/net/url.hpp"

#include "platform/error.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <charconv>

namespace agent::net {
namespace {

failure bad_url(std::string_view text, const char* why)
{
    // Without what may be a password before "@", and a secret in path or query.
    auto host = text.find("://");
    host = host == text.npos ? 0 : host + 3;
    auto end = std::min(text.find_first_of("/?#", host), text.size());
    std::string shown(text.substr(0, end));
    if (auto at = shown.rfind('@'); at != shown.npos)
        shown.erase(0, at + 1);
    if (end < text.size())
        shown += "/...";
    return {platform::errc::usage, "'" + shown + "' is not a usable URL: " + why};
}

std::uint16_t usual_port(std::string_view scheme)
{
    constexpr std::pair<std::string_view, std::uint16_t> all[] = {
        {"http", 80}, {"mqtt", 1883}, {"mqtts", 8883}};
    for (const auto& [name, port] : all)
        if (name == scheme)
            return port;
    return origin().port;
}

/// Takes "host", "host:port" or "[v6]:port" apart. False if it is none of these.
bool parse_authority(std::string_view text, origin& where)
{
    std::string_view port;
    if (text.starts_with('[')) {
        auto end = text.find(']');
        if (end == text.npos)
            return false;
        where.host = platform::lower(text.substr(1, end - 1));
        port = text.substr(end + 1);
    } else {
        auto colon = std::min(text.find(':'), text.size());
        where.host = platform::lower(text.substr(0, colon));
        port = text.substr(colon);
    }
    // A zone (RFC 6874) means something on one link only, and no certificate can name it.
    if (where.host.empty() || where.host.find('%') != std::string::npos)
        return false;
    if (port.empty())
        return true;
    if (port.front() != ':')
        return false;
    port.remove_prefix(1);
    auto parsed = std::from_chars(port.data(), port.data() + port.size(), where.port);
    return parsed.ec == std::errc{} && parsed.ptr == port.data() + port.size() && where.port != 0;
}

}  // namespace

std::string to_string(const origin& where, std::uint16_t usual)
{
    bool is_v6 = where.host.find(':') != std::string::npos;
    std::string text = is_v6 ? "[" + where.host + "]" : where.host;
    return where.port == usual ? text : text + ":" + std::to_string(where.port);
}

result<url> parse_url(std::string_view text)
{
    auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    auto is_foreign = [](char c) { return static_cast<unsigned char>(c) > 0x7f; };
    if (std::ranges::any_of(text, is_blank))
        return bad_url(text, "it holds white space or control characters");
    if (std::ranges::any_of(text, is_foreign))
        return bad_url(text, "what is not ASCII must be percent-encoded");
    auto scheme_end = text.find("://");
    if (scheme_end == text.npos || scheme_end == 0)
        return bad_url(text, "it does not start with https://");
    if (text.find('#') != text.npos)
        return bad_url(text, "a fragment has no place here");

    url parsed;
    parsed.scheme = platform::lower(text.substr(0, scheme_end));
    parsed.where.port = usual_port(parsed.scheme);
    std::string_view rest = text.substr(scheme_end + 3);
    auto path = std::min(rest.find_first_of("/?"), rest.size());
    auto query = std::min(rest.find('?'), rest.size());
    std::string_view authority = rest.substr(0, path);
    parsed.path = rest.substr(path, query - path);
    parsed.query = rest.substr(query);
    if (auto at = authority.rfind('@'); at != authority.npos) {
        parsed.userinfo = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    if (!parse_authority(authority, parsed.where))
        return bad_url(text, "host and port are not 'host' or 'host:port'");
    return parsed;
}

}  // namespace agent::net
