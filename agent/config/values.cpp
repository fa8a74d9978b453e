#include "agent/config/values.hpp"

#include "agent/config/value_words.hpp"
#include "agent/gigastore/types.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

namespace agent::values {
namespace {

constexpr std::array format_names{"cloudevents", "gigastore"};
constexpr std::array self_service_names{"no", "reference", "email"};
constexpr std::array level_names{"error", "warning", "info", "debug"};

result<net::url> url_of(
    std::string_view value, const char* scheme, const char* otherwise, const char* no_credentials)
{
    auto url = net::parse_url(value);
    if (!url)
        return failure(platform::errc::configuration, url.error().detail());
    if (url->scheme != scheme)
        return bad_value(otherwise);
    if (!url->userinfo.empty())
        return bad_value(no_credentials);
    return std::move(*url);
}

/// "SCHEME://HOST[:PORT]", and nothing behind it.
result<std::optional<net::url>> bare_url(
    std::string_view value, const char* scheme, const char* form, const char* no_credentials)
{
    auto url = url_of(value, scheme, form, no_credentials);
    bool is_bare = url && url->query.empty() && (url->path.empty() || url->path == "/");
    if (url && !is_bare)
        return bad_value(form);
    if (url)
        url->path.clear();
    return maybe(std::move(url));
}

}  // namespace

result<std::string> text(std::string_view value)
{
    return std::string(value);
}

result<std::string> path(std::string_view value, const std::string& directory)
{
    bool is_relative = !value.starts_with('/') && !directory.empty();
    return is_relative ? directory + "/" + std::string(value) : std::string(value);
}

result<bool> yes_no(std::string_view value)
{
    return one_of<bool>(value, std::array{"no", "yes"}, "this is yes or no");
}

result<std::optional<bool>> yes_no_auto(std::string_view value)
{
    if (value == "auto")
        return std::optional<bool>();
    auto word = yes_no(value);
    return word ? result<std::optional<bool>>(*word) : bad_value("this is yes, no or auto");
}

result<std::size_t> count(std::string_view value)
{
    std::size_t out = 0;
    bool fits =
        !value.empty() && value.size() <= 9 && value.find_first_not_of("0123456789") == value.npos;
    if (fits)
        std::from_chars(value.data(), value.data() + value.size(), out);
    return out != 0 ? result<std::size_t>(out)
                    : bad_value("this is a whole number from 1 to 999999999");
}

result<net::url> https_url(std::string_view value)
{
    auto url = hook_url(value);
    if (!url)
        return url.error();
    if (!(*url)->query.empty())
        return bad_value("a query has no place in the API's base URL");
    while ((*url)->path.ends_with('/'))
        (*url)->path.pop_back();
    return std::move(**url);
}

result<std::optional<net::url>> hook_url(std::string_view value)
{
    return maybe(
        url_of(value, "https", "the URL must begin with https://; what is sent there is secret",
            "credentials have no place in the URL; they are taken from files"));
}

result<std::optional<net::url>> page_url(std::string_view value)
{
    constexpr const char* form = "the address is https://HOST[:PORT]; the pages are at /i/ there";
    return bare_url(value, "https", form, form);
}

result<std::optional<net::url>> broker_url(std::string_view value)
{
#ifndef ESIM_AGENT_MQTT
    static_cast<void>(value);
    return bad_value("this esim-agent was built without MQTT (ESIM_AGENT_MQTT)");
#else
    return bare_url(value, "mqtts", "the URL is mqtts://HOST[:PORT]; without TLS nothing is sent",
        "credentials have no place in the URL; use username and password-file");
#endif
}

result<std::optional<net::proxy>> proxy_url(std::string_view value)
{
    if (value.find('@') != value.npos)
        return bad_value("credentials have no place in the URL; use credentials-file");
    auto proxy = net::parse_proxy(value);
    if (!proxy)
        return failure(platform::errc::configuration, proxy.error().detail());
    return std::optional(std::move(*proxy));
}

result<std::vector<std::string>> hosts(std::string_view value)
{
    return net::parse_no_proxy(value);
}

result<agent::iccid> iccid(std::string_view value)
{
    auto number = agent::iccid::parse(value);
    return number ? result<agent::iccid>(std::move(*number))
                  : bad_value("an ICCID is 18 to 22 digits");
}

result<std::optional<report_format>> format(std::string_view value)
{
    return maybe(
        one_of<report_format>(value, format_names, "the format is cloudevents or gigastore"));
}

result<std::optional<listen_address>> listen(std::string_view value)
{
    failure wrong = bad_value("the address is IP:PORT, e.g. 127.0.0.1:8080 or [::1]:8080");
    auto colon = value.rfind(':');
    if (colon == value.npos)
        return wrong;
    listen_address out;
    const char* end = value.data() + value.size();
    auto port = std::from_chars(value.data() + colon + 1, end, out.port);
    std::string_view host = value.substr(0, colon);
    bool is_bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    out.address = is_bracketed ? host.substr(1, host.size() - 2) : host;
    error_code ec;
    auto literal = asio::ip::make_address(out.address, ec);
    bool is_good =
        !ec && port.ec == std::errc() && port.ptr == end && literal.is_v6() == is_bracketed;
    if (!is_good)
        return wrong;
    out.is_loopback = literal.is_loopback();
    return std::optional(std::move(out));
}

result<agent::self_service> self_service(std::string_view value)
{
    return one_of<agent::self_service>(
        value, self_service_names, "self-service is no, reference or email");
}

result<int> rotation(std::string_view value)
{
    constexpr int quarter = 90;
    auto turns = one_of<int>(
        value, std::array{"0", "90", "180", "270"}, "the rotation is 0, 90, 180 or 270");
    return turns ? result<int>(*turns * quarter) : turns;
}

result<int> paper(std::string_view value)
{
    constexpr int narrow = 58;
    constexpr int wide = 80;
    auto kind = one_of<bool>(value, std::array{"58", "80"}, "the paper is 58 or 80 (mm)");
    return kind ? result<int>(*kind ? wide : narrow) : kind.error();
}

result<std::string> printer_port(std::string_view value)
{
    bool is_port = value.starts_with('/') || (value.starts_with("tcp://") && net::parse_url(value));
    return is_port ? result<std::string>(std::string(value))
                   : bad_value("the port is tcp://HOST[:PORT], or /dev/... or a file");
}

result<std::optional<platform::log_level>> level(std::string_view value)
{
    auto found = platform::log_level_from(value);
    if (!found)
        return bad_value("the level is one of error, warning, info, debug");
    return found;
}

std::string to_text(const net::url& value)
{
    bool is_https = value.scheme == "https";
    std::string where = is_https ? net::to_string(value.where) : net::to_string(value.where, 0);
    return value.scheme + "://" + where + value.path + value.query;
}

std::string to_text(const std::optional<net::url>& value)
{
    return value ? to_text(*value) : std::string();
}

std::string to_text(const std::optional<net::proxy>& value)
{
    return value ? "http://" + net::to_string(value->where, 80) : std::string();
}

result<std::vector<std::string>> ids(std::string_view value)
{
    std::vector<std::string> out;
    constexpr std::string_view between = ", \t\n";
    while (!value.empty()) {
        auto end = std::min(value.find_first_of(between), value.size());
        std::string one(value.substr(0, end));
        if (!gigastore::is_plain_uid(one))
            return bad_value("these are no ids, separated by commas or blanks");
        if (!one.empty())
            out.push_back(std::move(one));
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return out;
}

std::string to_text(const std::vector<std::string>& value)
{
    std::string out;
    for (const std::string& each : value)
        out += (out.empty() ? "" : ",") + each;
    return out;
}

std::string to_text(const std::optional<report_format>& value)
{
    return value ? format_names[static_cast<std::size_t>(*value)] : "";
}

std::string to_text(const std::optional<listen_address>& value)
{
    if (!value)
        return {};
    bool is_v6 = value->address.find(':') != std::string::npos;
    return (is_v6 ? "[" + value->address + "]" : value->address) + ":"
           + std::to_string(value->port);
}

std::string to_text(agent::self_service value)
{
    return self_service_names[static_cast<std::size_t>(value)];
}

std::string to_text(const std::optional<platform::log_level>& value)
{
    return value ? level_names[static_cast<std::size_t>(*value)] : "";
}

}  // namespace agent::values
