#pragma once

#include "agent/esim/card_gate.hpp"
#include "agent/esim/installer.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/provision/announcer.hpp"
#include "agent/provision/next_step.hpp"
#include "agent/provision/status.hpp"
#include "platform/log.hpp"
#include "platform/modem_control.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace agent::provision {

/// Others may hold the card for a whole installation.
constexpr std::chrono::minutes gate_limit{30};

/// What the steps are done with. All outlive it; what stands behind `card`, and `modem`, may be
/// null.
struct device {
    gigastore::client& api;
    esim::card_access card{};
    platform::modem_control* modem = nullptr;
    /// Connects to Gigastore by that network interface only.
    std::function<task<void>(std::string interface)> reach{};
    esim::card_gate& gate;
    platform::logger& log;
};

struct data_wish {
    std::string apn{};            // empty: the modem's own
    bool is_apn_guessed = false;  // from the IMSI
    std::string user{};
    std::string password_file{};
    bool roams = true;
    bool connects = false;  // else it is only looked for
    std::string program{};  // the integrator's, which brings the interface up
    std::chrono::seconds limit{120};
};

struct step_settings {
    std::string gigastore_host{};   // whose route is the uplink
    std::string modem_interface{};  // see platform::find_uplink
    std::chrono::seconds registration_limit{180};
    data_wish data{};
    balance_notice notice{};
};

/// What a step works on: it changes the situation and the status, and reports.
struct step_context {
    const step_settings& settings;
    device& on;
    situation& now;
    status& shown;
    announcer& reports;
    /// Tells what is being done, and how far it is.
    std::function<void(const std::string& doing, std::optional<int> percent)> show{};
    /// True if something has changed since the step was decided: then it is not taken any more.
    std::function<bool()> is_outdated{};
};

/// Does one step (never step::rest). What the card or a server refuses for good is no failure: it
/// is in the situation, and next_step() rests. Everything else that goes wrong is.
task<void> perform(step_context& with, next what);

// The steps that wait for the modem (await_network.cpp).

/// Does `work` with the open modem, which nobody else uses meanwhile.
task<void> with_modem(step_context& with, std::function<task<void>()> work);
/// Until the modem has this profile and is on a network with it, or the limit.
task<void> await_registration(step_context& with, iccid which);
/// Enables the profile that worked before, and waits for its network.
task<void> fall_back(step_context& with, iccid which);

/// Sets data up, as far as that is wanted, and tries until Gigastore is reached by the modem's
/// interface, or the limit (go_online.cpp).
task<void> go_online(step_context& with, iccid which);

/// Enables a profile at the card.
task<void> enable_on_card(step_context& with, iccid which, std::string use);

}  // namespace agent::provision
