#include "agent/config/values.hpp"

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

failure bad_value(std::string why)
{
    return {platform::errc::configuration, std::move(why)};
}

/// One of the words of an enum, in the order of its values.
template <class Enum, std::size_t Size>
result<Enum> one_of(std::string_view value, const std::array<const char*, Size>& names,
    const char* otherwise, std::size_t first = 0)
{
    for (std::size_t i = first; i < Size; ++i)
        if (value == names[i])
            return static_cast<Enum>(i);
    return bad_value(otherwise);
}

constexpr std::array control_names{"none", "at", "qmi", "mbim", "modemmanager", "auto"};
constexpr std::array format_names{"cloudevents", "gigastore"};
constexpr std::array installer_names{"native", "hook"};
constexpr std::array self_service_names{"no", "reference", "email"};
constexpr std::array level_names{"error", "warning", "info", "debug"};

/// The same, for a value that may be absent.
template <class T>
result<std::optional<T>> maybe(result<T> value)
{
    return value ? result<std::optional<T>>(std::move(*value)) : value.error();
}

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
    auto url = url_of(value, "https", form, form);
    bool is_bare = url && url->query.empty() && (url->path.empty() || url->path == "/");
    if (url && !is_bare)
        return bad_value(form);
    if (url)
        url->path.clear();
    return maybe(std::move(url));
}

result<std::optional<net::url>> broker_url(std::string_view value)
{
#ifndef ESIM_AGENT_MQTT
    static_cast<void>(value);
    return bad_value("this esim-agent was built without MQTT (ESIM_AGENT_MQTT)");
#else
    constexpr const char* form = "the URL is mqtts://HOST[:PORT]; without TLS nothing is sent";
    auto url = url_of(value, "mqtts", form,
        "credentials have no place in the URL; use username and password-file");
    bool is_bare = url && url->query.empty() && (url->path.empty() || url->path == "/");
    if (url && !is_bare)
        return bad_value(form);
    if (url)
        url->path.clear();
    return maybe(std::move(url));
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

result<std::string> imei(std::string_view value)
{
    constexpr std::size_t digits = 15;
    bool fits = value.size() == digits && value.find_first_not_of("0123456789") == value.npos;
    return fits ? result<std::string>(std::string(value)) : bad_value("an IMEI is 15 digits");
}

namespace {

constexpr std::pair<const char*, bool lpa::device_capabilities::*> technology_names[] = {
    {"gsm", &lpa::device_capabilities::gsm}, {"umts", &lpa::device_capabilities::umts},
    {"lte", &lpa::device_capabilities::lte}, {"nr", &lpa::device_capabilities::nr}};

}  // namespace

result<lpa::device_capabilities> technologies(std::string_view value)
{
    lpa::device_capabilities out{.gsm = false, .umts = false, .lte = false, .nr = false};
    while (!value.empty()) {
        std::string_view word = value.substr(0, value.find(' '));
        value.remove_prefix(std::min(word.size() + 1, value.size()));
        auto found = std::ranges::find(
            technology_names, word, [](const auto& each) { return std::string_view(each.first); });
        if (found == std::end(technology_names))
            return bad_value("the technologies are some of 'gsm umts lte nr'");
        out.*found->second = true;
    }
    return out;
}

namespace {

/// What this build has not; nothing for what it has.
std::optional<failure> missing_in_build(std::string_view value)
{
#ifndef ESIM_AGENT_PCSC
    if (value == "pcsc")
        return bad_value("this esim-agent was built without PC/SC (ESIM_AGENT_PCSC)");
#endif
#ifndef ESIM_AGENT_QMI
    if (value == "qmi")
        return bad_value("this esim-agent was built without QMI (ESIM_AGENT_QMI)");
#endif
#ifndef ESIM_AGENT_MBIM
    if (value == "mbim")
        return bad_value("this esim-agent was built without MBIM (ESIM_AGENT_MBIM)");
#endif
#ifndef ESIM_AGENT_MODEMMANAGER
    if (value == "modemmanager")
        return bad_value(
            "this esim-agent was built without ModemManager (ESIM_AGENT_MODEMMANAGER)");
#endif
    static_cast<void>(value);
    return std::nullopt;
}

}  // namespace

result<platform::channel_kind> channel(std::string_view value)
{
    if (auto missing = missing_in_build(value))
        return *missing;
    return one_of<platform::channel_kind>(value, platform::channel_names,
        "the channel is one of auto, at, qmi, mbim, pcsc, socket", 1);
}

result<std::optional<platform::control_kind>> control(std::string_view value)
{
    if (auto missing = missing_in_build(value))
        return *missing;
    return maybe(one_of<platform::control_kind>(
        value, control_names, "the control is one of none, auto, modemmanager, at, qmi, mbim"));
}

result<sim_slot> slot(std::string_view value)
{
    constexpr unsigned most = 8;
    auto number = count(value);
    bool fits = number && *number <= most;
    if (!fits)
        return bad_value("a SIM slot is a number from 1 to 8");
    return sim_slot{static_cast<unsigned>(*number)};
}

result<std::size_t> segment(std::string_view value)
{
    constexpr std::size_t least = 16;
    constexpr std::size_t most = 255;
    auto size = count(value);
    bool fits = size && *size >= least && *size <= most;
    return fits ? size : bad_value("a segment is 16 to 255 octets");
}

result<platform::bytes> aid(std::string_view value)
{
    auto octets = platform::from_hex(value);
    bool fits = octets && octets->size() >= 5 && octets->size() <= 16;  // ISO 7816-4, 8.2.1.2
    return fits ? result<platform::bytes>(std::move(*octets))
                : bad_value("an AID is 10 to 32 hexadecimal digits");
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

result<installer_kind> installer(std::string_view value)
{
#ifndef ESIM_AGENT_HOOK
    if (value == "hook")
        return bad_value("this esim-agent was built without installers of one's own "
                         "(ESIM_AGENT_HOOK)");
#endif
    return one_of<installer_kind>(value, installer_names, "installer is native or hook");
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

std::string to_text(const std::vector<std::string>& value)
{
    std::string out;
    for (const std::string& each : value)
        out += (out.empty() ? "" : ",") + each;
    return out;
}

std::string to_text(const lpa::device_capabilities& value)
{
    std::string out;
    for (const auto& [name, is_there] : technology_names)
        if (value.*is_there)
            out += (out.empty() ? "" : " ") + std::string(name);
    return out;
}

std::string to_text(platform::channel_kind value)
{
    return name_of(value);
}

std::string to_text(const std::optional<platform::control_kind>& value)
{
    return value ? control_names[static_cast<std::size_t>(*value)] : "";
}

std::string to_text(const platform::bytes& value)
{
    return platform::to_hex(value);
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

std::string to_text(installer_kind value)
{
    return installer_names[static_cast<std::size_t>(value)];
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
