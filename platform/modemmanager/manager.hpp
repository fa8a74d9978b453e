#pragma once

#include "platform/modemmanager/modems.hpp"

#include <optional>
#include <string>

namespace platform::modemmanager {

/// ModemManager, for one modem of its. All calls have a limit, can be cancelled, and fail as
/// bus::call() does.
class manager {
public:
    /// Connects; fails with no_device if ModemManager does not run.
    task<void> open();
    /// Ends the connection, and with it what inhibit() began.
    void close() { bus_.close(); }

    /// The modems that it shows; none while it probes them.
    task<std::vector<modem>> modems();
    /// The ICCID of its SIM; empty if it has none or has not read it.
    task<std::string> iccid(modem of);
    /// Switches its radio on, as far as it is off: it does not look for a network before.
    task<void> enable(modem which);
    /// The data connection that the modem has; nothing if it has none.
    task<std::optional<data_connection>> connection(modem of);
    /// Ends all data connections of the modem (Modem.Simple.Disconnect).
    task<void> disconnect_data(modem which);
    /// Connects data (Modem.Simple.Connect), by IPv4 and IPv6 if network and modem can. Fails with
    /// refused if they do not connect, with forbidden also where roaming is not allowed.
    task<void> connect_data(modem which, data_settings what);
    /// Makes ModemManager leave the modem alone: it closes its ports and takes it from its list,
    /// until stop_inhibiting(), close(), or the end of this process. Fails with refused while it
    /// probes the modem, with no_device if it knows none there, with forbidden without the right to
    /// control devices.
    task<void> inhibit(std::string device);
    /// ModemManager probes the modem anew, which takes 10 to 30 s.
    task<void> stop_inhibiting(std::string device);

private:
    task<void> set_inhibited(std::string device, bool is_inhibited);

    bus bus_;
};

}  // namespace platform::modemmanager
