// ModemManager's objects, as its D-Bus interface describes them
// (https://www.freedesktop.org/software/ModemManager/api/latest/).
#include "platform/modemmanager/modems.hpp"

#include "platform/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace platform::modemmanager {
namespace {

constexpr std::string_view modem_properties = "org.freedesktop.ModemManager1.Modem";
constexpr std::string_view network_properties = "org.freedesktop.ModemManager1.Modem.Modem3gpp";

constexpr std::uint32_t net_port = 2;  // MMModemPortType
constexpr std::uint32_t ignored_port = 9;

/// Calls `visit` with each element of an array, dict entry, structure or variant; with nothing if
/// `holder` is none.
template <class Visit>
void for_each_in(DBusMessageIter& holder, Visit visit)
{
    bool is_container = dbus_type_is_container(dbus_message_iter_get_arg_type(&holder));
    if (!is_container)
        return;
    DBusMessageIter each;
    for (dbus_message_iter_recurse(&holder, &each);
         dbus_message_iter_get_arg_type(&each) != DBUS_TYPE_INVALID; dbus_message_iter_next(&each))
        visit(each);
}

/// The first element of such a holder.
DBusMessageIter inside(DBusMessageIter& holder)
{
    DBusMessageIter out = holder;
    if (dbus_type_is_container(dbus_message_iter_get_arg_type(&holder)))
        dbus_message_iter_recurse(&holder, &out);
    return out;
}

std::string text_at(DBusMessageIter& at)
{
    int type = dbus_message_iter_get_arg_type(&at);
    if (type != DBUS_TYPE_STRING && type != DBUS_TYPE_OBJECT_PATH)
        return {};
    const char* out = "";
    dbus_message_iter_get_basic(&at, static_cast<void*>(&out));
    return out;
}

std::int64_t number_at(DBusMessageIter& at)
{
    int type = dbus_message_iter_get_arg_type(&at);
    DBusBasicValue out{};
    if (type == DBUS_TYPE_INT32) {
        dbus_message_iter_get_basic(&at, &out);
        return out.i32;
    }
    if (type == DBUS_TYPE_UINT32) {
        dbus_message_iter_get_basic(&at, &out);
        return out.u32;
    }
    return 0;
}

bool flag_at(DBusMessageIter& at)
{
    DBusBasicValue out{};
    if (dbus_message_iter_get_arg_type(&at) == DBUS_TYPE_BOOLEAN)
        dbus_message_iter_get_basic(&at, &out);
    return out.bool_val != FALSE;
}

/// Calls `visit(key, value)` with each entry of a dictionary; a variant's content is the value.
template <class Visit>
void for_each_entry(DBusMessageIter& dictionary, Visit visit)
{
    for_each_in(dictionary, [&visit](DBusMessageIter& entry) {
        DBusMessageIter at = inside(entry);
        std::string key = text_at(at);
        if (!dbus_message_iter_next(&at))
            return;
        bool is_variant = dbus_message_iter_get_arg_type(&at) == DBUS_TYPE_VARIANT;
        DBusMessageIter value = is_variant ? inside(at) : at;
        visit(key, value);
    });
}

modem_state state_of(std::int64_t number)
{
    constexpr std::int64_t locked = 2, disabling = 4, connected = 11;
    if (number < 0)
        return modem_state::failed;
    if (number < locked)
        return modem_state::initializing;
    if (number == locked)
        return modem_state::locked;
    if (number <= disabling)
        return modem_state::disabled;
    return number == connected ? modem_state::connected : modem_state::enabled;
}

sim_lock lock_of(std::int64_t number)
{
    constexpr std::int64_t pin = 2, puk = 4;
    return number == pin ? sim_lock::pin : number == puk ? sim_lock::puk : sim_lock::none;
}

/// MMModem3gppRegistrationState.
registration_state registration_of(std::int64_t number)
{
    switch (number) {
    case 0: return registration_state::none;
    case 1:
    case 6:
    case 9: return registration_state::home;  // 6 and 7: for SMS only; 9 and 10: CSFB not preferred
    case 2: return registration_state::searching;
    case 3: return registration_state::denied;
    case 5:
    case 7:
    case 10: return registration_state::roaming;
    default: return registration_state::unknown;
    }
}

void read_port(DBusMessageIter& port, modem& into)
{
    DBusMessageIter at = inside(port);
    std::string name = text_at(at);
    std::int64_t type = dbus_message_iter_next(&at) ? number_at(at) : 0;
    if (type == net_port)
        into.net_interfaces.push_back(name);
    else if (type == ignored_port)
        into.others_ports.push_back(name);
    else
        into.ports.push_back(name);
}

void read_modem_property(const std::string& name, DBusMessageIter& value, modem& into)
{
    if (name == "Device")
        into.device = text_at(value);
    else if (name == "Ports")
        for_each_in(value, [&into](DBusMessageIter& port) { read_port(port, into); });
    else if (name == "Bearers")
        for_each_in(
            value, [&into](DBusMessageIter& path) { into.bearers.push_back(text_at(path)); });
    else if (name == "State")
        into.state = state_of(number_at(value));
    else if (name == "UnlockRequired")
        into.lock = lock_of(number_at(value));
    else if (name == "Sim") {
        std::string path = text_at(value);
        into.sim = path == "/" ? "" : path;
    }
}

void read_network_property(const std::string& name, DBusMessageIter& value, modem& into)
{
    std::string text = printable(text_at(value));
    std::string& network = into.network.network;
    if (name == "RegistrationState")
        into.network.state = registration_of(number_at(value));
    // Its name, or the code of one that has none.
    bool is_better =
        name == "OperatorName" ? !text.empty() : name == "OperatorCode" && network.empty();
    if (is_better)
        network = text;
}

void read_interfaces(DBusMessageIter& interfaces, modem& into)
{
    for_each_entry(interfaces, [&into](const std::string& name, DBusMessageIter& properties) {
        auto read = name == modem_properties     ? read_modem_property
                    : name == network_properties ? read_network_property
                                                 : nullptr;
        if (read == nullptr)
            return;
        for_each_entry(properties, [read, &into](const std::string& its, DBusMessageIter& value) {
            read(its, value, into);
        });
    });
}

/// MMBearerIpMethod.
const char* method_of(std::int64_t number)
{
    constexpr std::array names{"", "ppp", "static", "dhcp"};
    bool is_known = number > 0 && static_cast<std::size_t>(number) < names.size();
    return is_known ? names[static_cast<std::size_t>(number)] : "";
}

/// A bearer's Ip4Config or Ip6Config.
interface_address address_in(DBusMessageIter& dictionary)
{
    interface_address out;
    for_each_entry(dictionary, [&out](const std::string& name, DBusMessageIter& value) {
        if (name == "method")
            out.method = method_of(number_at(value));
        else if (name == "address")
            out.address = printable(text_at(value));
        else if (name == "prefix")
            out.prefix = static_cast<unsigned>(number_at(value));
        else if (name == "gateway")
            out.gateway = printable(text_at(value));
        else if (name.starts_with("dns"))
            out.name_servers.push_back(printable(text_at(value)));
        else if (name == "mtu")
            out.mtu = static_cast<unsigned>(number_at(value));
    });
    return out;
}

/// True if one of these names is that of the node, its links resolved.
bool has_node(const std::vector<std::string>& names, const std::string& device_node)
{
    std::error_code ec;
    std::filesystem::path real = std::filesystem::canonical(device_node, ec);
    std::filesystem::path node = ec ? std::filesystem::path(device_node) : real;
    return std::ranges::count(names, node.filename().string()) > 0;
}

}  // namespace

bool modem::has_port(const std::string& device_node) const
{
    return has_node(ports, device_node);
}

bool modem::leaves_to_others(const std::string& device_node) const
{
    return has_node(others_ports, device_node);
}

std::vector<modem> modems_in(DBusMessage& answer)
{
    std::vector<modem> out;
    DBusMessageIter objects;
    dbus_message_iter_init(&answer, &objects);
    for_each_entry(objects, [&out](const std::string& path, DBusMessageIter& interfaces) {
        modem found;
        found.path = path;
        read_interfaces(interfaces, found);
        if (!found.device.empty())
            out.push_back(std::move(found));
    });
    return out;
}

std::optional<data_connection> connection_in(DBusMessage& answer)
{
    data_connection out;
    bool is_connected = false;
    DBusMessageIter properties;
    dbus_message_iter_init(&answer, &properties);
    for_each_entry(properties, [&](const std::string& name, DBusMessageIter& value) {
        if (name == "Connected")
            is_connected = flag_at(value);
        else if (name == "Interface")
            out.interface_name = printable(text_at(value));
        else if (name == "Properties")
            for_each_entry(value, [&out](const std::string& key, DBusMessageIter& its) {
                if (key == "apn")
                    out.apn = printable(text_at(its));
            });
        else if (name == "Ip4Config" || name == "Ip6Config") {
            interface_address its = address_in(value);
            its.is_ipv6 = name == "Ip6Config";
            if (!its.method.empty())
                out.addresses.push_back(std::move(its));
        }
    });
    return is_connected ? std::optional(std::move(out)) : std::nullopt;
}

std::string text_in(DBusMessage& answer)
{
    DBusMessageIter at;
    dbus_message_iter_init(&answer, &at);
    DBusMessageIter value = inside(at);
    return text_at(value);
}

}  // namespace platform::modemmanager
