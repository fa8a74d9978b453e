#include "agent/config/keys.hpp"

#include "agent/config/values.hpp"

#include <algorithm>
#include <iterator>

namespace agent {
namespace {

/// The structure and the type that a pointer to a member is about.
template <class Member>
struct member_of;
template <class Struct, class Value>
struct member_of<Value Struct::*> {
    using structure = Struct;
};

/// Sets one member with the function that reads its kind of value; an empty value is the default.
template <auto Member, auto Read>
result<void> set_member(typename member_of<decltype(Member)>::structure& into,
    std::string_view value, const std::string& directory)
{
    if (value.empty()) {
        into.*Member = typename member_of<decltype(Member)>::structure().*Member;
        return {};
    }
    auto read = [&] {
        if constexpr (requires { Read(value, directory); })
            return Read(value, directory);  // a path
        else
            return Read(value);
    }();
    if (!read)
        return read.error();
    into.*Member = std::move(*read);
    return {};
}

template <auto Member>
std::string get_member(const typename member_of<decltype(Member)>::structure& from)
{
    return values::to_text(from.*Member);
}

template <auto Member, auto Read>
constexpr config_key key(const char* element, const char* attribute, const char* variable,
    value_kind kind = value_kind::plain)
{
    return {element, attribute, variable, set_member<Member, Read>, get_member<Member>, kind};
}

template <auto Member, auto Read>
constexpr destination_key place(
    const char* element, const char* attribute, value_kind kind = value_kind::plain)
{
    return {element, attribute, set_member<Member, Read>, get_member<Member>, kind};
}

constexpr config_key all_keys[] = {
    key<&config::gigastore_url, values::https_url>("gigastore", "url", "ESIM_AGENT_GIGASTORE_URL"),
    key<&config::client_id_file, values::path>(
        "gigastore", "client-id-file", "ESIM_AGENT_CLIENT_ID_FILE", value_kind::secret_file),
    key<&config::client_secret_file, values::path>("gigastore", "client-secret-file",
        "ESIM_AGENT_CLIENT_SECRET_FILE", value_kind::secret_file),
    key<&config::bearer_file, values::path>(
        "gigastore", "bearer-file", "ESIM_AGENT_BEARER_FILE", value_kind::secret_file),
    key<&config::client_certificate_file, values::path>(
        "gigastore", "client-certificate-file", "ESIM_AGENT_CLIENT_CERTIFICATE_FILE"),
    key<&config::client_key_file, values::path>(
        "gigastore", "client-key-file", "ESIM_AGENT_CLIENT_KEY_FILE", value_kind::secret_file),
    key<&config::client_key_password_file, values::path>("gigastore", "client-key-password-file",
        "ESIM_AGENT_CLIENT_KEY_PASSWORD_FILE", value_kind::secret_file),
    key<&config::ca_file, values::path>("gigastore", "ca-file", "ESIM_AGENT_CA_FILE"),
    key<&config::customer_uid, values::text>("customer", "uid", "ESIM_AGENT_CUSTOMER_UID"),
    key<&config::customer_iccid, values::iccid>("customer", "iccid", "ESIM_AGENT_CUSTOMER_ICCID"),
    key<&config::low_balance_megabytes, values::count>(
        "customer", "low-balance-megabytes", "ESIM_AGENT_CUSTOMER_LOW_BALANCE_MEGABYTES"),
    key<&config::expiry_days, values::duration<std::chrono::days>>(
        "customer", "expiry-days", "ESIM_AGENT_CUSTOMER_EXPIRY_DAYS"),
    key<&config::proxy, values::proxy_url>("proxy", "url", "ESIM_AGENT_PROXY_URL"),
    key<&config::proxy_credentials_file, values::path>(
        "proxy", "credentials-file", "ESIM_AGENT_PROXY_CREDENTIALS_FILE", value_kind::secret_file),
    key<&config::proxy_except, values::hosts>("proxy", "except", "ESIM_AGENT_PROXY_EXCEPT"),
    key<&config::lpa_ca_file, values::path>("lpa", "ca-file", "ESIM_AGENT_LPA_CA_FILE"),
    key<&config::modem_channel, values::channel>("modem", "channel", "ESIM_AGENT_MODEM_CHANNEL"),
    key<&config::modem_device, values::text>("modem", "device", "ESIM_AGENT_MODEM_DEVICE"),
    key<&config::modem_installer, values::installer>(
        "modem", "installer", "ESIM_AGENT_MODEM_INSTALLER"),
    key<&config::modem_installer_program, values::path>(
        "modem", "installer-program", "ESIM_AGENT_MODEM_INSTALLER_PROGRAM"),
    key<&config::modem_installer_limit, values::duration<std::chrono::seconds>>(
        "modem", "installer-limit", "ESIM_AGENT_MODEM_INSTALLER_LIMIT"),
    key<&config::modem_slot, values::slot>("modem", "slot", "ESIM_AGENT_MODEM_SLOT"),
    key<&config::modem_enable, values::yes_no>("modem", "enable", "ESIM_AGENT_MODEM_ENABLE"),
    key<&config::modem_refresh, values::yes_no_auto>(
        "modem", "refresh", "ESIM_AGENT_MODEM_REFRESH"),
    key<&config::modem_segment, values::segment>("modem", "segment", "ESIM_AGENT_MODEM_SEGMENT"),
    key<&config::modem_least_segment, values::segment>(
        "modem", "least-segment", "ESIM_AGENT_MODEM_LEAST_SEGMENT"),
    key<&config::modem_aid, values::aid>("modem", "aid", "ESIM_AGENT_MODEM_AID"),
    key<&config::modem_imei, values::imei>("modem", "imei", "ESIM_AGENT_MODEM_IMEI"),
    key<&config::modem_technologies, values::technologies>(
        "modem", "technologies", "ESIM_AGENT_MODEM_TECHNOLOGIES"),
    key<&config::modem_control, values::control>("modem", "control", "ESIM_AGENT_MODEM_CONTROL"),
    key<&config::modem_control_device, values::text>(
        "modem", "control-device", "ESIM_AGENT_MODEM_CONTROL_DEVICE"),
    key<&config::modem_interface, values::text>("modem", "interface", "ESIM_AGENT_MODEM_INTERFACE"),
    key<&config::registration_limit, values::duration<std::chrono::seconds>>(
        "modem", "registration-limit", "ESIM_AGENT_MODEM_REGISTRATION_LIMIT"),
    key<&config::data_online, values::data_online>("data", "online", "ESIM_AGENT_DATA_ONLINE"),
    key<&config::data_apn, values::apn>("data", "apn", "ESIM_AGENT_DATA_APN"),
    key<&config::data_user, values::text>("data", "user", "ESIM_AGENT_DATA_USER"),
    key<&config::data_password_file, values::path>(
        "data", "password-file", "ESIM_AGENT_DATA_PASSWORD_FILE", value_kind::secret_file),
    key<&config::data_roaming, values::yes_no>("data", "roaming", "ESIM_AGENT_DATA_ROAMING"),
    key<&config::data_program, values::path>("data", "program", "ESIM_AGENT_DATA_PROGRAM"),
    key<&config::data_limit, values::duration<std::chrono::seconds>>(
        "data", "limit", "ESIM_AGENT_DATA_LIMIT"),
    key<&config::provision_directory, values::path>(
        "provision", "directory", "ESIM_AGENT_PROVISION_DIRECTORY"),
    key<&config::poll, values::duration<std::chrono::seconds>>(
        "provision", "poll", "ESIM_AGENT_PROVISION_POLL"),
    key<&config::pending_poll, values::duration<std::chrono::seconds>>(
        "provision", "pending-poll", "ESIM_AGENT_PROVISION_PENDING_POLL"),
    key<&config::delete_replaced, values::yes_no>(
        "provision", "delete-replaced", "ESIM_AGENT_PROVISION_DELETE_REPLACED"),
    key<&config::takes_remote_orders, values::yes_no>(
        "provision", "remote", "ESIM_AGENT_PROVISION_REMOTE"),
    key<&config::asks_for_assignment, values::yes_no>(
        "provision", "assignment", "ESIM_AGENT_PROVISION_ASSIGNMENT"),
    key<&config::fallback, values::yes_no>(
        "provision", "fallback", "ESIM_AGENT_PROVISION_FALLBACK"),
    key<&config::report_max_count, values::count>(
        "report", "max-count", "ESIM_AGENT_REPORT_MAX_COUNT"),
    key<&config::report_max_bytes, values::count>(
        "report", "max-bytes", "ESIM_AGENT_REPORT_MAX_BYTES"),
    key<&config::control_socket, values::path>("control", "socket", "ESIM_AGENT_CONTROL_SOCKET"),
    key<&config::control_group, values::text>("control", "group", "ESIM_AGENT_CONTROL_GROUP"),
    key<&config::kiosk_listen, values::listen>("kiosk", "listen", "ESIM_AGENT_KIOSK_LISTEN"),
    key<&config::kiosk_certificate_file, values::path>(
        "kiosk", "certificate-file", "ESIM_AGENT_KIOSK_CERTIFICATE_FILE"),
    key<&config::kiosk_key_file, values::path>(
        "kiosk", "key-file", "ESIM_AGENT_KIOSK_KEY_FILE", value_kind::secret_file),
    key<&config::kiosk_token_file, values::path>(
        "kiosk", "token-file", "ESIM_AGENT_KIOSK_TOKEN_FILE", value_kind::secret_file),
    key<&config::kiosk_language, values::text>("kiosk", "language", "ESIM_AGENT_KIOSK_LANGUAGE"),
    key<&config::kiosk_title, values::text>("kiosk", "title", "ESIM_AGENT_KIOSK_TITLE"),
    key<&config::kiosk_brand, values::path>("kiosk", "brand", "ESIM_AGENT_KIOSK_BRAND"),
    key<&config::kiosk_wifi_ssid, values::text>("kiosk", "wifi-ssid", "ESIM_AGENT_KIOSK_WIFI_SSID"),
    key<&config::kiosk_wifi_password_file, values::path>("kiosk", "wifi-password-file",
        "ESIM_AGENT_KIOSK_WIFI_PASSWORD_FILE", value_kind::secret_file),
    key<&config::kiosk_self_service, values::self_service>(
        "kiosk", "self-service", "ESIM_AGENT_KIOSK_SELF_SERVICE"),
    key<&config::kiosk_sells, values::ids>("kiosk", "sells", "ESIM_AGENT_KIOSK_SELLS"),
    key<&config::kiosk_sells_daily, values::count>(
        "kiosk", "sells-daily", "ESIM_AGENT_KIOSK_SELLS_DAILY"),
    key<&config::kiosk_minutes, values::duration<std::chrono::minutes>>(
        "kiosk", "minutes", "ESIM_AGENT_KIOSK_MINUTES"),
    key<&config::kiosk_poll, values::duration<std::chrono::seconds>>(
        "kiosk", "poll", "ESIM_AGENT_KIOSK_POLL"),
    key<&config::link_listen, values::listen>("link", "listen", "ESIM_AGENT_LINK_LISTEN"),
    key<&config::link_url, values::page_url>("link", "url", "ESIM_AGENT_LINK_URL"),
    key<&config::link_certificate_file, values::path>(
        "link", "certificate-file", "ESIM_AGENT_LINK_CERTIFICATE_FILE"),
    key<&config::link_key_file, values::path>(
        "link", "key-file", "ESIM_AGENT_LINK_KEY_FILE", value_kind::secret_file),
    key<&config::link_title, values::text>("link", "title", "ESIM_AGENT_LINK_TITLE"),
    key<&config::link_support, values::text>("link", "support", "ESIM_AGENT_LINK_SUPPORT"),
    key<&config::link_hours, values::duration<std::chrono::hours>>(
        "link", "hours", "ESIM_AGENT_LINK_HOURS"),
    key<&config::link_days, values::duration<std::chrono::days>>(
        "link", "days", "ESIM_AGENT_LINK_DAYS"),
    key<&config::display_framebuffer, values::path>(
        "display", "framebuffer", "ESIM_AGENT_DISPLAY_FRAMEBUFFER"),
    key<&config::display_mode, values::text>("display", "mode", "ESIM_AGENT_DISPLAY_MODE"),
    key<&config::display_rotate, values::rotation>(
        "display", "rotate", "ESIM_AGENT_DISPLAY_ROTATE"),
    key<&config::printer_port, values::printer_port>("printer", "port", "ESIM_AGENT_PRINTER_PORT"),
    key<&config::printer_paper, values::paper>("printer", "paper", "ESIM_AGENT_PRINTER_PAPER"),
    key<&config::state_directory, values::path>("state", "directory", "ESIM_AGENT_STATE_DIRECTORY"),
    key<&config::log_level, values::level>("log", "level", "ESIM_AGENT_LOG_LEVEL"),
};

constexpr destination_key all_destination_keys[] = {
    place<&report_destination::url, values::hook_url>("webhook", "url", value_kind::hook),
    place<&report_destination::url_file, values::path>(
        "webhook", "url-file", value_kind::secret_file),
    place<&report_destination::secret_file, values::path>(
        "webhook", "secret-file", value_kind::secret_file),
    place<&report_destination::ca_file, values::path>("webhook", "ca-file"),
    place<&report_destination::client_certificate_file, values::path>(
        "webhook", "client-certificate-file"),
    place<&report_destination::client_key_file, values::path>(
        "webhook", "client-key-file", value_kind::secret_file),
    place<&report_destination::client_key_password_file, values::path>(
        "webhook", "client-key-password-file", value_kind::secret_file),
    place<&report_destination::format, values::format>("webhook", "format"),
    place<&report_destination::url, values::broker_url>("mqtt", "url"),
    place<&report_destination::topic, values::text>("mqtt", "topic"),
    place<&report_destination::client_id, values::text>("mqtt", "client-id"),
    place<&report_destination::desired_topic, values::text>("mqtt", "desired-topic"),
    place<&report_destination::reported_topic, values::text>("mqtt", "reported-topic"),
    place<&report_destination::username, values::text>("mqtt", "username"),
    place<&report_destination::password_file, values::path>(
        "mqtt", "password-file", value_kind::secret_file),
    place<&report_destination::ca_file, values::path>("mqtt", "ca-file"),
    place<&report_destination::client_certificate_file, values::path>(
        "mqtt", "client-certificate-file"),
    place<&report_destination::client_key_file, values::path>(
        "mqtt", "client-key-file", value_kind::secret_file),
    place<&report_destination::client_key_password_file, values::path>(
        "mqtt", "client-key-password-file", value_kind::secret_file),
};

}  // namespace

std::span<const config_key> config_keys()
{
    return all_keys;
}

std::span<const destination_key> destination_keys()
{
    return all_destination_keys;
}

const config_key* find_config_key(std::string_view element, std::string_view attribute)
{
    auto found = std::ranges::find_if(all_keys, [&](const config_key& each) {
        return each.element == element && each.attribute == attribute;
    });
    return found == std::end(all_keys) ? nullptr : found;
}

const config_key* find_config_key(std::string_view variable)
{
    auto found = std::ranges::find(all_keys, variable, &config_key::variable);
    return found == std::end(all_keys) ? nullptr : found;
}

bool is_config_element(std::string_view element)
{
    return std::ranges::find(all_keys, element, &config_key::element) != std::end(all_keys);
}

const destination_key* find_destination_key(std::string_view element, std::string_view attribute)
{
    auto found = std::ranges::find_if(all_destination_keys, [&](const destination_key& each) {
        return each.element == element && each.attribute == attribute;
    });
    return found == std::end(all_destination_keys) ? nullptr : found;
}

const char* name_of(destination_kind kind)
{
    return kind == destination_kind::webhook ? "webhook" : "mqtt";
}

std::optional<destination_kind> destination_kind_from(std::string_view name)
{
    for (destination_kind each : {destination_kind::webhook, destination_kind::mqtt})
        if (name == name_of(each))
            return each;
    return std::nullopt;
}

std::vector<std::string> secret_files_of(const config& settings)
{
    std::vector<std::string> out;
    auto add = [&out](std::string file) {
        if (!file.empty())
            out.push_back(std::move(file));
    };
    for (const config_key& each : all_keys)
        if (each.kind == value_kind::secret_file)
            add(each.get(settings));
    for (const report_destination& of : settings.destinations)
        for (const destination_key& each : all_destination_keys)
            if (each.kind == value_kind::secret_file
                && each.element == std::string(name_of(of.kind)))
                add(each.get(of));
    return out;
}

}  // namespace agent
