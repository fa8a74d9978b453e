#pragma once

#include "platform/auto_channel.hpp"
#include "platform/result.hpp"
#include "platform/secret.hpp"

#include <memory>
#include <string>
#include <vector>

namespace platform {

/// Whether the modem is on a network (27.007, 7.2 and 10.1.22).
enum class registration_state { none, home, roaming, searching, denied, unknown };

/// "not registered", "home", "roaming", ...
const char* name_of(registration_state state);

struct registration {
    registration_state state = registration_state::unknown;
    std::string network{};  // its name or MCC and MNC; empty if the modem tells none

    bool is_registered() const
    {
        return state == registration_state::home || state == registration_state::roaming;
    }
};

/// What a data connection is to use.
struct data_settings {
    std::string apn{};  // empty: what the modem or the network has for this SIM
    std::string user{};
    secret password{};
    bool roams = true;
    bool connects = false;  // false: somebody else does, it is only looked for
};

/// An address that the network gave.
struct interface_address {
    bool is_ipv6 = false;
    std::string method{};  // how it is set: "static", "dhcp" (IPv6: by the router) or "ppp"
    std::string address{};
    unsigned prefix = 0;
    std::string gateway{};
    std::vector<std::string> name_servers{};
    unsigned mtu = 0;  // 0: not told
};

/// A data connection, as far as the modem tells of it.
struct data_connection {
    std::string interface_name{};                // "wwan0"; empty: not known
    std::string apn{};                           // that is in use; empty: not known
    std::vector<interface_address> addresses{};  // at most one of each family
};

/// What has to be done with the modem around a change of profile, and what it says about the
/// network: one implementation for each way to it. The card must not be open meanwhile. All calls
/// have a limit, can be cancelled, and fail with a channel_errc.
class modem_control {
public:
    modem_control() = default;
    virtual ~modem_control() = default;
    modem_control(const modem_control&) = delete;
    modem_control& operator=(const modem_control&) = delete;

    /// False where there turns out to be no modem to control: the card is in a reader.
    virtual bool is_there() const { return true; }
    /// True if whoever uses the card takes the modem off its network.
    virtual bool is_interrupted_by_card() const { return false; }
    /// Takes the modem, and gives it free again.
    virtual task<void> open() = 0;
    virtual void close() = 0;
    /// Makes the modem read its card anew, as after a change of profile.
    virtual task<void> refresh() = 0;
    /// The ICCID that the modem has; empty if it has read none yet.
    virtual task<std::string> iccid() = 0;
    virtual task<platform::registration> registration() = 0;
    /// Sets up data, as far as this way to the modem can, and tells what there is then. Where it
    /// cannot, and where data is connected, nothing changes.
    virtual task<data_connection> connect_data(data_settings what);
};

/// The ways to control a modem; none: then nothing is known of the network; automatic: by
/// ModemManager if it has the port behind which the card was found, else by that port.
enum class control_kind { none, at, qmi, mbim, modemmanager, automatic };

/// How a modem is controlled by the port behind which a card is; none where no modem is.
control_kind control_of(channel_kind kind);

struct control_settings {
    control_kind kind = control_kind::none;
    std::string device{};                       // the port; for ModemManager one of its modem's
    channel_kind channel = channel_kind::none;  // how that port is spoken to, if that is known
    bool is_interrupted_by_card = false;        // ModemManager has the port of the card
    found_port found{};                         // what an automatic channel found
};

/// The control of that kind; null for none, and for a kind that this build does not have.
std::unique_ptr<modem_control> make_modem_control(control_settings settings);

}  // namespace platform
