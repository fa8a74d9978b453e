#include "agent/config/config.hpp"

#include "agent/net/proxy.hpp"
#include "agent/net/url.hpp"
#include "platform/bytes.hpp"
#include "platform/error.hpp"
#include "platform/log.hpp"
#include "platform/storage.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <filesystem>
#include <iterator>

namespace agent {
namespace {

using kind = config_key::kind;

constexpr config_key keys[] = {
    {"gigastore", "url", "ESIM_AGENT_GIGASTORE_URL", &config::gigastore_url, kind::https_url},
    {"gigastore", "client-id-file", "ESIM_AGENT_CLIENT_ID_FILE", &config::client_id_file,
        kind::path},
    {"gigastore", "client-secret-file", "ESIM_AGENT_CLIENT_SECRET_FILE",
        &config::client_secret_file, kind::path},
    {"gigastore", "bearer-file", "ESIM_AGENT_BEARER_FILE", &config::bearer_file, kind::path},
    {"gigastore", "client-certificate-file", "ESIM_AGENT_CLIENT_CERTIFICATE_FILE",
        &config::client_certificate_file, kind::path},
    {"gigastore", "client-key-file", "ESIM_AGENT_CLIENT_KEY_FILE", &config::client_key_file,
        kind::path},
    {"gigastore", "ca-file", "ESIM_AGENT_CA_FILE", &config::ca_file, kind::path},
    {"customer", "uid", "ESIM_AGENT_CUSTOMER_UID", &config::customer_uid, kind::text},
    {"customer", "iccid", "ESIM_AGENT_CUSTOMER_ICCID", &config::customer_iccid, kind::iccid},
    {"customer", "low-balance-megabytes", "ESIM_AGENT_CUSTOMER_LOW_BALANCE_MEGABYTES",
        &config::low_balance_megabytes, kind::number},
    {"customer", "expiry-days", "ESIM_AGENT_CUSTOMER_EXPIRY_DAYS", &config::expiry_days,
        kind::number},
    {"proxy", "url", "ESIM_AGENT_PROXY_URL", &config::proxy_url, kind::proxy_url},
    {"proxy", "credentials-file", "ESIM_AGENT_PROXY_CREDENTIALS_FILE",
        &config::proxy_credentials_file, kind::path},
    {"proxy", "except", "ESIM_AGENT_PROXY_EXCEPT", &config::proxy_except, kind::text},
    {"lpa", "ca-file", "ESIM_AGENT_LPA_CA_FILE", &config::lpa_ca_file, kind::path},
    {"modem", "channel", "ESIM_AGENT_MODEM_CHANNEL", &config::modem_channel, kind::channel},
    {"modem", "device", "ESIM_AGENT_MODEM_DEVICE", &config::modem_device, kind::text},
    {"modem", "enable", "ESIM_AGENT_MODEM_ENABLE", &config::modem_enable, kind::yes_no},
    {"modem", "least-segment", "ESIM_AGENT_MODEM_LEAST_SEGMENT", &config::modem_least_segment,
        kind::segment},
    {"modem", "aid", "ESIM_AGENT_MODEM_AID", &config::modem_aid, kind::aid},
    {"modem", "imei", "ESIM_AGENT_MODEM_IMEI", &config::modem_imei, kind::imei},
    {"modem", "control", "ESIM_AGENT_MODEM_CONTROL", &config::modem_control, kind::control},
    {"modem", "control-device", "ESIM_AGENT_MODEM_CONTROL_DEVICE", &config::modem_control_device,
        kind::text},
    {"modem", "interface", "ESIM_AGENT_MODEM_INTERFACE", &config::modem_interface, kind::text},
    {"modem", "registration-limit", "ESIM_AGENT_MODEM_REGISTRATION_LIMIT",
        &config::registration_limit, kind::number},
    {"provision", "directory", "ESIM_AGENT_PROVISION_DIRECTORY", &config::provision_directory,
        kind::path},
    {"provision", "poll", "ESIM_AGENT_PROVISION_POLL", &config::poll, kind::number},
    {"provision", "pending-poll", "ESIM_AGENT_PROVISION_PENDING_POLL", &config::pending_poll,
        kind::number},
    {"provision", "delete-replaced", "ESIM_AGENT_PROVISION_DELETE_REPLACED",
        &config::delete_replaced, kind::yes_no},
    {"provision", "fallback", "ESIM_AGENT_PROVISION_FALLBACK", &config::fallback, kind::yes_no},
    {"report", "max-count", "ESIM_AGENT_REPORT_MAX_COUNT", &config::report_max_count, kind::number},
    {"report", "max-bytes", "ESIM_AGENT_REPORT_MAX_BYTES", &config::report_max_bytes, kind::number},
    {"control", "socket", "ESIM_AGENT_CONTROL_SOCKET", &config::control_socket, kind::path},
    {"control", "group", "ESIM_AGENT_CONTROL_GROUP", &config::control_group, kind::text},
    {"kiosk", "listen", "ESIM_AGENT_KIOSK_LISTEN", &config::kiosk_listen, kind::listen},
    {"kiosk", "certificate-file", "ESIM_AGENT_KIOSK_CERTIFICATE_FILE",
        &config::kiosk_certificate_file, kind::path},
    {"kiosk", "key-file", "ESIM_AGENT_KIOSK_KEY_FILE", &config::kiosk_key_file, kind::path},
    {"kiosk", "token-file", "ESIM_AGENT_KIOSK_TOKEN_FILE", &config::kiosk_token_file, kind::path},
    {"kiosk", "language", "ESIM_AGENT_KIOSK_LANGUAGE", &config::kiosk_language, kind::text},
    {"kiosk", "title", "ESIM_AGENT_KIOSK_TITLE", &config::kiosk_title, kind::text},
    {"kiosk", "self-service", "ESIM_AGENT_KIOSK_SELF_SERVICE", &config::kiosk_self_service,
        kind::self_service},
    {"kiosk", "minutes", "ESIM_AGENT_KIOSK_MINUTES", &config::kiosk_minutes, kind::number},
    {"kiosk", "poll", "ESIM_AGENT_KIOSK_POLL", &config::kiosk_poll, kind::number},
    {"display", "framebuffer", "ESIM_AGENT_DISPLAY_FRAMEBUFFER", &config::display_framebuffer,
        kind::path},
    {"display", "mode", "ESIM_AGENT_DISPLAY_MODE", &config::display_mode, kind::text},
    {"display", "rotate", "ESIM_AGENT_DISPLAY_ROTATE", &config::display_rotate, kind::rotation},
    {"printer", "port", "ESIM_AGENT_PRINTER_PORT", &config::printer_port, kind::printer_port},
    {"printer", "paper", "ESIM_AGENT_PRINTER_PAPER", &config::printer_paper, kind::paper},
    {"state", "directory", "ESIM_AGENT_STATE_DIRECTORY", &config::state_directory, kind::path},
    {"log", "level", "ESIM_AGENT_LOG_LEVEL", &config::log_level, kind::level},
};

using place = report_destination;

constexpr destination_key destination_keys[] = {
    {"webhook", "url", &place::url, kind::https_url},
    {"webhook", "secret-file", &place::secret_file, kind::path},
    {"webhook", "ca-file", &place::ca_file, kind::path},
    {"webhook", "client-certificate-file", &place::client_certificate_file, kind::path},
    {"webhook", "client-key-file", &place::client_key_file, kind::path},
    {"webhook", "format", &place::format, kind::format},
    {"mqtt", "url", &place::url, kind::broker_url},
    {"mqtt", "topic", &place::topic, kind::text},
    {"mqtt", "username", &place::username, kind::text},
    {"mqtt", "password-file", &place::password_file, kind::path},
    {"mqtt", "ca-file", &place::ca_file, kind::path},
    {"mqtt", "client-certificate-file", &place::client_certificate_file, kind::path},
    {"mqtt", "client-key-file", &place::client_key_file, kind::path},
};

failure bad(std::string why)
{
    return {platform::errc::configuration, std::move(why)};
}

result<void> check_https_url(std::string_view value)
{
    auto url = net::parse_url(value);
    if (!url)
        return url.error();
    if (url->scheme != "https")
        return bad("the URL must begin with https://; what is sent there is secret");
    if (!url->userinfo.empty())
        return bad("credentials have no place in the URL; they are taken from files");
    return {};
}

result<void> check_broker_url(std::string_view value)
{
#ifndef ESIM_AGENT_MQTT
    return bad("this esim-agent was built without MQTT (ESIM_AGENT_MQTT)");
#endif
    auto url = net::parse_url(value);
    if (!url)
        return url.error();
    if (url->scheme != "mqtts" || !url->path.empty())
        return bad("the URL is mqtts://HOST[:PORT]; without TLS nothing is sent");
    if (!url->userinfo.empty())
        return bad("credentials have no place in the URL; use username and password-file");
    return {};
}

result<void> check_number(std::string_view value)
{
    bool fits = !value.empty() && value.size() <= 9 && value != "0"
                && value.find_first_not_of("0123456789") == value.npos;
    return fits ? result<void>() : bad("this is a whole number from 1 to 999999999");
}

result<void> check_proxy_url(std::string_view value)
{
    if (value.find('@') != value.npos)
        return bad("credentials have no place in the URL; use credentials-file");
    auto proxy = net::parse_proxy(value);
    if (!proxy)
        return proxy.error();
    return {};
}

result<void> check_digits(
    std::string_view value, std::size_t least, std::size_t most, const char* otherwise)
{
    bool fits = value.size() >= least && value.size() <= most
                && value.find_first_not_of("0123456789") == value.npos;
    if (!fits)
        return bad(otherwise);
    return {};
}

result<void> check_channel(std::string_view value)
{
    if (value != "at" && value != "pcsc" && value != "socket")
        return bad("the channel is one of at, pcsc, socket");
#ifndef ESIM_AGENT_PCSC
    if (value == "pcsc")
        return bad("this esim-agent was built without PC/SC (ESIM_AGENT_PCSC)");
#endif
    return {};
}

result<void> check_segment(std::string_view value)
{
    int size = 0;
    auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), size);
    bool is_whole = ec == std::errc() && end == value.data() + value.size();
    if (!is_whole || size < 16 || size > 255)
        return bad("a segment is 16 to 255 octets");
    return {};
}

result<void> check_aid(std::string_view value)
{
    auto aid = platform::from_hex(value);
    if (!aid || aid->size() < 5 || aid->size() > 16)
        return bad("an AID is 10 to 32 hexadecimal digits");
    return {};
}

result<void> check_printer_port(std::string_view value)
{
    if (value.starts_with('/'))
        return {};
    bool is_tcp = value.starts_with("tcp://") && net::parse_url(value);
    return is_tcp ? result<void>() : bad("the port is tcp://HOST[:PORT], or /dev/... or a file");
}

result<void> check_listen(std::string_view value)
{
    auto where = parse_listen(std::string(value));
    return where ? result<void>() : result<void>(where.error());
}

result<void> check_value(kind takes, std::string_view value)
{
    bool is_yes_no = value == "yes" || value == "no";
    bool is_control = value == "none" || value == "at";
    bool is_format = value == "cloudevents" || value == "gigastore";
    bool is_self_service = value == "no" || value == "reference" || value == "email";
    bool is_rotation = value == "0" || value == "90" || value == "180" || value == "270";
    bool is_paper = value == "58" || value == "80";
    switch (takes) {
    case kind::text:
    case kind::path: return {};
    case kind::number: return check_number(value);
    case kind::listen: return check_listen(value);
    case kind::printer_port: return check_printer_port(value);
    case kind::rotation:
        return is_rotation ? result<void>() : bad("the rotation is 0, 90, 180 or 270");
    case kind::paper: return is_paper ? result<void>() : bad("the paper is 58 or 80 (mm)");
    case kind::self_service:
        return is_self_service ? result<void>() : bad("self-service is no, reference or email");
    case kind::control: return is_control ? result<void>() : bad("the control is none or at");
    case kind::format:
        return is_format ? result<void>() : bad("the format is cloudevents or gigastore");
    case kind::broker_url: return check_broker_url(value);
    case kind::https_url: return check_https_url(value);
    case kind::proxy_url: return check_proxy_url(value);
    case kind::iccid: return check_digits(value, 18, 22, "an ICCID is 18 to 22 digits");
    case kind::imei: return check_digits(value, 15, 15, "an IMEI is 15 digits");
    case kind::channel: return check_channel(value);
    case kind::yes_no: return is_yes_no ? result<void>() : bad("this is yes or no");
    case kind::segment: return check_segment(value);
    case kind::aid: return check_aid(value);
    case kind::level:
        if (!platform::log_level_from(value))
            return bad("the level is one of error, warning, info, debug");
        return {};
    }
    return {};
}

}  // namespace

const config_key* find_config_key(std::string_view element, std::string_view attribute)
{
    auto found = std::ranges::find_if(keys, [&](const config_key& key) {
        return key.element == element && key.attribute == attribute;
    });
    return found == std::end(keys) ? nullptr : found;
}

const config_key* find_config_key(std::string_view variable)
{
    auto found = std::ranges::find(keys, variable, &config_key::variable);
    return found == std::end(keys) ? nullptr : found;
}

bool is_config_element(std::string_view element)
{
    return std::ranges::find(keys, element, &config_key::element) != std::end(keys);
}

namespace {

template <class Settings, class Key>
result<void> set_value(
    Settings& into, const Key& key, std::string_view value, const std::string& directory)
{
    if (value.empty()) {
        into.*key.member = Settings().*key.member;
        return {};
    }
    if (auto good = check_value(key.takes, value); !good)
        return good.error();
    bool is_relative = key.takes == kind::path && !value.starts_with('/') && !directory.empty();
    into.*key.member = is_relative ? directory + "/" + std::string(value) : std::string(value);
    return {};
}

}  // namespace

const destination_key* find_destination_key(std::string_view element, std::string_view attribute)
{
    auto found = std::ranges::find_if(destination_keys, [&](const destination_key& key) {
        return key.element == element && key.attribute == attribute;
    });
    return found == std::end(destination_keys) ? nullptr : found;
}

bool is_destination(std::string_view element)
{
    return std::ranges::find(destination_keys, element, &destination_key::element)
           != std::end(destination_keys);
}

result<void> set(config& into, const config_key& key, std::string_view value, std::string directory)
{
    return set_value(into, key, value, directory);
}

result<void> set(report_destination& into, const destination_key& key, std::string_view value,
    std::string directory)
{
    return set_value(into, key, value, directory);
}

result<listen_address> parse_listen(const std::string& value)
{
    failure wrong = bad("the address is IP:PORT, e.g. 127.0.0.1:8080 or [::1]:8080");
    auto colon = value.rfind(':');
    if (colon == std::string::npos)
        return wrong;
    listen_address out;
    const char* end = value.data() + value.size();
    auto [rest, bad_port] = std::from_chars(value.data() + colon + 1, end, out.port);
    std::string host = value.substr(0, colon);
    bool is_bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    out.address = is_bracketed ? host.substr(1, host.size() - 2) : host;
    error_code ec;
    auto literal = asio::ip::make_address(out.address, ec);
    bool is_good = !ec && bad_port == std::errc() && rest == end && literal.is_v6() == is_bracketed;
    if (!is_good)
        return wrong;
    out.is_loopback = literal.is_loopback();
    return out;
}

bool has_kiosk(const config& settings)
{
    return !settings.kiosk_listen.empty() || !settings.display_framebuffer.empty();
}

long number_of(const std::string& value)
{
    long out = 0;
    std::from_chars(value.data(), value.data() + value.size(), out);
    return out;
}

result<config> load_config(const std::string& file, bool must_exist, const char* const* environment)
{
    config loaded;
    std::error_code ec;
    if (must_exist || std::filesystem::exists(file, ec))
        if (auto read = read_xml(file, loaded); !read)
            return read.error();
    std::string folder = std::filesystem::path(file).parent_path() / "agent.d";
    auto fragments = platform::list_files(folder, ".xml");
    if (!fragments)
        return fragments.error();
    for (const std::string& fragment : *fragments)
        if (auto read = read_xml(fragment, loaded); !read)
            return read.error();
    if (auto read = read_environment(environment, loaded); !read)
        return read.error();
    if (auto good = check(loaded); !good)
        return good.error();
    return loaded;
}

namespace {

result<void> check_destination(const report_destination& one)
{
    std::string what = "report: <" + one.kind + ">";
    if (one.url.empty())
        return bad(what + " needs url");
    if (one.client_certificate_file.empty() != one.client_key_file.empty())
        return bad(what + ": client-certificate-file and client-key-file go together");
    if (one.username.empty() != one.password_file.empty())
        return bad(what + ": username and password-file go together");
    bool is_bare =
        one.kind == "webhook" && one.secret_file.empty() && one.client_certificate_file.empty();
    if (is_bare)
        return bad(what + " needs secret-file (it signs the reports), or a client certificate");
    return {};
}

result<void> check_kiosk(const config& settings)
{
    bool has_certificate = !settings.kiosk_certificate_file.empty();
    if (has_certificate != !settings.kiosk_key_file.empty())
        return bad("kiosk: certificate-file and key-file go together");
    auto where = parse_listen(settings.kiosk_listen);
    bool is_open = where && !where->is_loopback;
    bool is_guarded = has_certificate && !settings.kiosk_token_file.empty();
    if (is_open && !is_guarded)
        return bad("kiosk: others than this device itself may look at it only under TLS and with "
                   "a token: set certificate-file, key-file and token-file, or listen on "
                   "127.0.0.1");
    return {};
}

}  // namespace

result<void> check(const config& settings)
{
    if (auto good = check_kiosk(settings); !good)
        return good.error();
    for (const report_destination& each : settings.destinations)
        if (auto good = check_destination(each); !good)
            return good.error();
    bool lacks_port = settings.modem_control == "at" && settings.modem_control_device.empty()
                      && settings.modem_channel != "at";
    if (lacks_port)
        return bad("modem: control=\"at\" needs control-device, unless the channel is at");
    bool has_id = !settings.client_id_file.empty();
    bool has_secret = !settings.client_secret_file.empty();
    bool has_certificate = !settings.client_certificate_file.empty();
    bool has_key = !settings.client_key_file.empty();
    if (has_id != has_secret)
        return bad("gigastore: client-id-file and client-secret-file go together");
    if (has_certificate != has_key)
        return bad("gigastore: client-certificate-file and client-key-file go together");
    if (has_id && !settings.bearer_file.empty())
        return bad("gigastore: either client-id-file and client-secret-file, or bearer-file");
    if (!settings.proxy_credentials_file.empty() && settings.proxy_url.empty())
        return bad("proxy: credentials-file needs url");
    bool needs_device = settings.modem_channel == "at" || settings.modem_channel == "socket";
    if (needs_device && settings.modem_device.empty())
        return bad("modem: channel=\"" + settings.modem_channel + "\" needs device");
    if (settings.modem_channel.empty() && !settings.modem_device.empty())
        return bad("modem: device needs channel (at, pcsc or socket)");
    if (!settings.proxy_except.empty() && settings.proxy_url.empty())
        return bad("proxy: except needs url; beside https_proxy there is no_proxy");
    return {};
}

}  // namespace agent
