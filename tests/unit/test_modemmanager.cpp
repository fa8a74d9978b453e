#include "platform/modemmanager/manager.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/modemmanager/modemmanager_control.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run.hpp"

#include <cstdlib>
#include <functional>
#include <variant>

using namespace platform;
using namespace platform::modemmanager;

namespace {

/// A value of a property, as D-Bus carries it.
struct object_path {
    std::string text;
};
struct port {
    std::string name;
    std::uint32_t type;
};
using paths = std::vector<object_path>;
using dictionary = std::vector<std::pair<std::string, std::variant<std::uint32_t, std::string>>>;
using value = std::variant<std::int32_t, std::uint32_t, std::string, object_path, std::vector<port>,
    bool, paths, dictionary>;
using properties = std::vector<std::pair<std::string, value>>;
using interfaces = std::vector<std::pair<std::string, properties>>;

/// Appends a container of `type`, filled by `fill`.
void append_holder(DBusMessageIter& to, int type, const char* signature,
    const std::function<void(DBusMessageIter&)>& fill)
{
    DBusMessageIter inside;
    dbus_message_iter_open_container(&to, type, signature, &inside);
    fill(inside);
    dbus_message_iter_close_container(&to, &inside);
}

void append_text(DBusMessageIter& to, const std::string& text, int type = DBUS_TYPE_STRING)
{
    const char* its = text.c_str();
    dbus_message_iter_append_basic(&to, type, static_cast<void*>(&its));
}

void append_entry(
    DBusMessageIter& to, const std::string& key, const std::function<void(DBusMessageIter&)>& fill)
{
    append_holder(to, DBUS_TYPE_DICT_ENTRY, nullptr, [&](DBusMessageIter& entry) {
        append_text(entry, key);
        fill(entry);
    });
}

void append_value(DBusMessageIter& to, const value& content)
{
    const char* const signatures[] = {"i", "u", "s", "o", "a(su)", "b", "ao", "a{sv}"};
    append_holder(to, DBUS_TYPE_VARIANT, signatures[content.index()], [&](DBusMessageIter& at) {
        if (const auto* number = std::get_if<std::int32_t>(&content))
            dbus_message_iter_append_basic(&at, DBUS_TYPE_INT32, number);
        else if (const auto* count = std::get_if<std::uint32_t>(&content))
            dbus_message_iter_append_basic(&at, DBUS_TYPE_UINT32, count);
        else if (const auto* text = std::get_if<std::string>(&content))
            append_text(at, *text);
        else if (const auto* path = std::get_if<object_path>(&content))
            append_text(at, path->text, DBUS_TYPE_OBJECT_PATH);
        else if (const auto* ports = std::get_if<std::vector<port>>(&content))
            append_holder(at, DBUS_TYPE_ARRAY, "(su)", [&](DBusMessageIter& list) {
                for (const port& each : *ports)
                    append_holder(list, DBUS_TYPE_STRUCT, nullptr, [&](DBusMessageIter& pair) {
                        append_text(pair, each.name);
                        dbus_message_iter_append_basic(&pair, DBUS_TYPE_UINT32, &each.type);
                    });
            });
        else if (const auto* flag = std::get_if<bool>(&content)) {
            dbus_bool_t its = *flag ? TRUE : FALSE;
            dbus_message_iter_append_basic(&at, DBUS_TYPE_BOOLEAN, &its);
        } else if (const auto* all = std::get_if<paths>(&content))
            append_holder(at, DBUS_TYPE_ARRAY, "o", [&](DBusMessageIter& list) {
                for (const object_path& each : *all)
                    append_text(list, each.text, DBUS_TYPE_OBJECT_PATH);
            });
        else if (const auto* entries = std::get_if<dictionary>(&content))
            append_holder(at, DBUS_TYPE_ARRAY, "{sv}", [&](DBusMessageIter& list) {
                for (const auto& [key, its] : *entries) {
                    value inner = std::visit([](auto each) { return value(each); }, its);
                    append_entry(list, key,
                        [&inner](DBusMessageIter& entry) { append_value(entry, inner); });
                }
            });
    });
}

void append_properties(DBusMessageIter& to, const properties& its)
{
    append_holder(to, DBUS_TYPE_ARRAY, "{sv}", [&](DBusMessageIter& all) {
        for (const auto& each : its)
            append_entry(all, each.first,
                [&each](DBusMessageIter& entry) { append_value(entry, each.second); });
    });
}

void append_interfaces(DBusMessageIter& to, const interfaces& its)
{
    append_holder(to, DBUS_TYPE_ARRAY, "{sa{sv}}", [&](DBusMessageIter& all) {
        for (const auto& each : its)
            append_entry(all, each.first,
                [&each](DBusMessageIter& entry) { append_properties(entry, each.second); });
    });
}

/// What GetManagedObjects gives: a{oa{sa{sv}}}.
message answer_with(const std::string& path, const interfaces& its)
{
    message out(dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN));
    DBusMessageIter top;
    dbus_message_iter_init_append(out.get(), &top);
    append_holder(top, DBUS_TYPE_ARRAY, "{oa{sa{sv}}}", [&](DBusMessageIter& objects) {
        append_holder(objects, DBUS_TYPE_DICT_ENTRY, nullptr, [&](DBusMessageIter& object) {
            append_text(object, path, DBUS_TYPE_OBJECT_PATH);
            append_interfaces(object, its);
        });
    });
    return out;
}

constexpr const char* modem_name = "org.freedesktop.ModemManager1.Modem";
constexpr const char* network_name = "org.freedesktop.ModemManager1.Modem.Modem3gpp";

modem only_modem(const interfaces& its)
{
    message answer = answer_with("/org/freedesktop/ModemManager1/Modem/3", its);
    auto all = modems_in(*answer);
    REQUIRE(all.size() == 1);
    return all.front();
}

/// A modem in that state of ModemManager's.
modem modem_in(std::int32_t state, std::uint32_t lock = 1)
{
    return only_modem({{modem_name, {{"Device", std::string("/sys/devices/usb1/1-2")},
                                        {"State", state}, {"UnlockRequired", lock}}}});
}

modem modem_registered(std::uint32_t state)
{
    return only_modem({{modem_name, {{"Device", std::string("usb")}}},
        {network_name, {{"RegistrationState", state}, {"OperatorCode", std::string("00101")},
                           {"OperatorName", std::string()}}}});
}

}  // namespace

TEST_CASE("a modem is read from ModemManager's objects", "[modemmanager]")
{
    std::vector<port> ports{{"ttyUSB1", 9}, {"ttyUSB2", 3}, {"cdc-wdm0", 6}, {"wwan0", 2}};
    modem its = only_modem({{"org.freedesktop.ModemManager1.Modem.Simple", {}},
        {modem_name, {{"Device", std::string("/sys/devices/usb1/1-2")}, {"Ports", ports},
                         {"Sim", object_path{"/org/freedesktop/ModemManager1/SIM/4"}},
                         {"State", std::int32_t{11}}, {"Model", std::string("EC25")}}},
        {network_name,
            {{"OperatorName", std::string("Sandbox\x1b[31m")}, {"RegistrationState", 5U}}}});
    CHECK(its.path == "/org/freedesktop/ModemManager1/Modem/3");
    CHECK(its.device == "/sys/devices/usb1/1-2");
    CHECK(its.sim == "/org/freedesktop/ModemManager1/SIM/4");
    CHECK(its.state == modem_state::connected);
    CHECK(its.has_port("/dev/cdc-wdm0"));
    CHECK(its.has_port("/dev/ttyUSB2"));
    CHECK_FALSE(its.has_port("/dev/ttyUSB1"));
    CHECK(its.leaves_to_others("/dev/ttyUSB1"));
    CHECK_FALSE(its.has_port("/dev/wwan0"));
    CHECK(its.net_interfaces == std::vector<std::string>{"wwan0"});
    CHECK(its.network.state == registration_state::roaming);
    CHECK(its.network.network.find('\x1b') == std::string::npos);
}

TEST_CASE("states and locks of ModemManager's are told apart", "[modemmanager]")
{
    CHECK(modem_in(-1).state == modem_state::failed);
    CHECK(modem_in(0).state == modem_state::initializing);
    CHECK(modem_in(2).state == modem_state::locked);
    CHECK(modem_in(3).state == modem_state::disabled);
    CHECK(modem_in(4).state == modem_state::disabled);
    CHECK(modem_in(8).state == modem_state::enabled);
    CHECK(modem_in(2, 2).lock == sim_lock::pin);
    CHECK(modem_in(2, 4).lock == sim_lock::puk);
    CHECK(modem_in(8, 3).lock == sim_lock::none);  // PIN2: only for what nobody asks for here
    CHECK(modem_registered(1).network.state == registration_state::home);
    CHECK(modem_registered(7).network.state == registration_state::roaming);
    CHECK(modem_registered(3).network.state == registration_state::denied);
    CHECK(modem_registered(8).network.state == registration_state::unknown);
    CHECK(modem_registered(1).network.network == "00101");  // it has no name
}

TEST_CASE("what is no modem is passed over", "[modemmanager]")
{
    message other = answer_with("/x", {{"org.example.Other", {{"Device", std::string("usb")}}}});
    CHECK(modems_in(*other).empty());
    // Types that nobody expects there.
    message odd = answer_with("/x",
        {{modem_name,
            {{"Device", 7U}, {"Ports", std::string("ttyUSB2")}, {"State", std::string("?")}}}});
    CHECK(modems_in(*odd).empty());
    message empty(dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN));
    CHECK(modems_in(*empty).empty());
    CHECK(text_in(*empty).empty());
}

TEST_CASE("a data connection is told with its interface and addresses", "[modemmanager]")
{
    const properties connected{{"Connected", true}, {"Interface", std::string("wwan0")},
        {"Ip4Config",
            dictionary{{"method", 2U}, {"address", "10.0.0.2"}, {"prefix", 30U},
                {"gateway", "10.0.0.1"}, {"dns1", "9.9.9.9"}, {"dns2", "1.1.1.1"}, {"mtu", 1430U}}},
        {"Ip6Config", dictionary{{"method", 0U}}}};
    auto answer_of = [](const properties& its) {
        message out(dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN));
        DBusMessageIter top;
        dbus_message_iter_init_append(out.get(), &top);
        append_properties(top, its);
        return out;
    };
    message answer = answer_of(connected);
    auto found = connection_in(*answer);
    REQUIRE(found);
    CHECK(found->interface_name == "wwan0");
    REQUIRE(found->addresses.size() == 1);
    const interface_address& its = found->addresses.front();
    CHECK(its.method == "static");
    CHECK(its.address == "10.0.0.2");
    CHECK(its.prefix == 30);
    CHECK(its.gateway == "10.0.0.1");
    CHECK(its.name_servers == std::vector<std::string>{"9.9.9.9", "1.1.1.1"});
    CHECK(its.mtu == 1430);

    message idle = answer_of({{"Connected", false}, {"Interface", std::string("wwan0")}});
    CHECK_FALSE(connection_in(*idle));
    message odd = answer_of({{"Connected", true}, {"Ip4Config", 7U}, {"Interface", 1U}});
    CHECK(connection_in(*odd)->addresses.empty());
    message empty(dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN));
    CHECK_FALSE(connection_in(*empty));
}

TEST_CASE("the objects of a modem's data connections are known", "[modemmanager]")
{
    modem its = only_modem({{modem_name,
        {{"Device", std::string("usb")}, {"Bearers", paths{{"/bearer/1"}, {"/bearer/2"}}}}}});
    CHECK(its.bearers == std::vector<std::string>{"/bearer/1", "/bearer/2"});
}

TEST_CASE("without a system bus there is no ModemManager", "[modemmanager]")
{
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    boost::asio::io_context io;
    manager its;
    CHECK(tests::run(io, its.open()).error() == channel_errc::no_device);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}
