#pragma once

#include "platform/modem_control.hpp"
#include "platform/modemmanager/bus.hpp"

#include <optional>
#include <string>
#include <vector>

namespace platform::modemmanager {

/// How far ModemManager is with a modem (MMModemState), as far as it matters here.
enum class modem_state { failed, initializing, locked, disabled, enabled, connected };

/// The lock that keeps a modem from its SIM (MMModemLock).
enum class sim_lock { none, pin, puk };

/// A modem as ModemManager shows it. Its object gets another path whenever it is probed anew; its
/// `device` stays.
struct modem {
    std::string path{};
    std::string device{};                       // where it is plugged in: /sys/devices/...
    std::vector<std::string> ports{};           // "ttyUSB2", "cdc-wdm0"
    std::vector<std::string> others_ports{};    // left to others (ID_MM_PORT_IGNORE)
    std::vector<std::string> net_interfaces{};  // "wwan0"
    std::string sim{};                          // the object's path; empty: it has none
    modem_state state = modem_state::initializing;
    std::vector<std::string> bearers{};  // paths of its data connections' objects
    sim_lock lock = sim_lock::none;
    platform::registration network{};

    /// True if that is one of the ports that ModemManager uses.
    bool has_port(const std::string& device_node) const;
    /// True if that is a port of the modem that ModemManager does not touch.
    bool leaves_to_others(const std::string& device_node) const;
};

/// The modems in an answer to org.freedesktop.DBus.ObjectManager.GetManagedObjects; what does not
/// look like one is passed over.
std::vector<modem> modems_in(DBusMessage& answer);

/// A data connection as org.freedesktop.DBus.Properties.GetAll gives a bearer's properties; nothing
/// if it is not connected.
std::optional<data_connection> connection_in(DBusMessage& answer);

/// The text in an answer to org.freedesktop.DBus.Properties.Get; empty if it is none.
std::string text_in(DBusMessage& answer);

}  // namespace platform::modemmanager
