#include "platform/modemmanager/manager.hpp"

#include "platform/euicc_channel.hpp"

namespace platform::modemmanager {
namespace {

constexpr const char* service = "org.freedesktop.ModemManager1";
constexpr const char* service_path = "/org/freedesktop/ModemManager1";
constexpr const char* modem_interface = "org.freedesktop.ModemManager1.Modem";
constexpr const char* sim_interface = "org.freedesktop.ModemManager1.Sim";

constexpr const char* bearer_interface = "org.freedesktop.ModemManager1.Bearer";
constexpr const char* simple_interface = "org.freedesktop.ModemManager1.Modem.Simple";

constexpr std::chrono::milliseconds usual_limit{10'000};
constexpr std::chrono::milliseconds inhibit_limit{60'000};  // it hangs up first
constexpr std::chrono::milliseconds enable_limit{90'000};
constexpr std::chrono::milliseconds connect_limit{180'000};

/// Appends `name` and a value of that type and size to a dictionary a{sv}.
void append_entry(
    DBusMessageIter& dictionary, const char* name, int type, const char* signature, const void* its)
{
    DBusMessageIter entry, value;
    dbus_message_iter_open_container(&dictionary, DBUS_TYPE_DICT_ENTRY, nullptr, &entry);
    dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, static_cast<const void*>(&name));
    dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, signature, &value);
    dbus_message_iter_append_basic(&value, type, its);
    dbus_message_iter_close_container(&entry, &value);
    dbus_message_iter_close_container(&dictionary, &entry);
}

void append_text(DBusMessageIter& dictionary, const char* name, std::string_view text)
{
    wiped_string copy(text);
    const char* its = copy.c_str();
    append_entry(dictionary, name, DBUS_TYPE_STRING, "s", static_cast<const void*>(&its));
}

/// An APN is needed, and may be empty: then it is the modem's own.
message connect_call(const std::string& modem_path, const data_settings& what, bool has_ipv6)
{
    message out = method_call(service, modem_path, simple_interface, "Connect");
    DBusMessageIter at, all;
    dbus_message_iter_init_append(out.get(), &at);
    dbus_message_iter_open_container(&at, DBUS_TYPE_ARRAY, "{sv}", &all);
    append_text(all, "apn", what.apn);
    if (!what.user.empty()) {
        append_text(all, "user", what.user);
        append_text(all, "password", what.password.reveal());
    }
    dbus_bool_t roams = what.roams ? TRUE : FALSE;
    append_entry(all, "allow-roaming", DBUS_TYPE_BOOLEAN, "b", &roams);
    std::uint32_t families = 4;  // MM_BEARER_IP_FAMILY_IPV4V6
    if (has_ipv6)
        append_entry(all, "ip-type", DBUS_TYPE_UINT32, "u", &families);
    dbus_message_iter_close_container(&at, &all);
    return out;
}

}  // namespace

task<void> manager::open()
{
    auto opened = co_await bus_.open();
    if (!opened)
        co_return opened.error();
    auto there = co_await modems();
    if (!there) {
        bus_.close();
        co_return there.error();
    }
    co_return result<void>();
}

task<std::vector<modem>> manager::modems()
{
    auto answer = co_await bus_.call(method_call(service, service_path,
                                         "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"),
        usual_limit);
    if (!answer)
        co_return answer.error();
    co_return modems_in(**answer);
}

task<std::string> manager::iccid(modem of)
{
    if (of.sim.empty())
        co_return std::string();
    message asked = method_call(service, of.sim, "org.freedesktop.DBus.Properties", "Get");
    const char* property = "SimIdentifier";
    dbus_message_append_args(asked.get(), DBUS_TYPE_STRING, &sim_interface, DBUS_TYPE_STRING,
        &property, DBUS_TYPE_INVALID);
    auto answer = co_await bus_.call(std::move(asked), usual_limit);
    bool is_gone = !answer && answer.error() == channel_errc::refused;
    if (is_gone)  // with its modem, which is probed anew
        co_return std::string();
    if (!answer)
        co_return answer.error();
    co_return text_in(**answer);
}

task<void> manager::enable(modem which)
{
    message asked = method_call(service, which.path, modem_interface, "Enable");
    dbus_bool_t is_on = TRUE;
    dbus_message_append_args(asked.get(), DBUS_TYPE_BOOLEAN, &is_on, DBUS_TYPE_INVALID);
    auto answer = co_await bus_.call(std::move(asked), enable_limit);
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<std::optional<data_connection>> manager::connection(modem of)
{
    for (const std::string& bearer : of.bearers) {
        message asked = method_call(service, bearer, "org.freedesktop.DBus.Properties", "GetAll");
        dbus_message_append_args(
            asked.get(), DBUS_TYPE_STRING, &bearer_interface, DBUS_TYPE_INVALID);
        auto answer = co_await bus_.call(std::move(asked), usual_limit);
        bool is_gone = !answer && answer.error() == channel_errc::refused;
        if (is_gone)
            continue;
        if (!answer)
            co_return answer.error();
        if (auto found = connection_in(**answer))
            co_return found;
    }
    co_return std::optional<data_connection>();
}

task<void> manager::disconnect_data(modem which)
{
    message asked = method_call(service, which.path, simple_interface, "Disconnect");
    const char* all = "/";
    dbus_message_append_args(asked.get(), DBUS_TYPE_OBJECT_PATH, &all, DBUS_TYPE_INVALID);
    auto answer = co_await bus_.call(std::move(asked), connect_limit);
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<void> manager::connect_data(modem which, data_settings what)
{
    message asked = connect_call(which.path, what, true);
    auto answer = co_await bus_.call(std::move(asked), connect_limit);
    bool is_refused = !answer && answer.error() == channel_errc::refused;
    if (is_refused) {  // network or modem may know only one of both
        asked = connect_call(which.path, what, false);
        answer = co_await bus_.call(std::move(asked), connect_limit);
    }
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<void> manager::set_inhibited(std::string device, bool is_inhibited)
{
    message asked = method_call(service, service_path, service, "InhibitDevice");
    const char* uid = device.c_str();
    dbus_bool_t flag = is_inhibited ? TRUE : FALSE;
    dbus_message_append_args(
        asked.get(), DBUS_TYPE_STRING, &uid, DBUS_TYPE_BOOLEAN, &flag, DBUS_TYPE_INVALID);
    auto answer = co_await bus_.call(std::move(asked), inhibit_limit);
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<void> manager::inhibit(std::string device)
{
    return set_inhibited(std::move(device), true);
}

task<void> manager::stop_inhibiting(std::string device)
{
    return set_inhibited(std::move(device), false);
}

}  // namespace platform::modemmanager
