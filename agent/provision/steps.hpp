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
    esim::card_gate& gate;
    platform::logger& log;
};

struct step_settings {
    std::string gigastore_host{};   // whose route is the uplink
    std::string modem_interface{};  // see platform::find_uplink
    std::chrono::seconds registration_limit{180};
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

/// Until the modem has this profile and is on a network with it, or the limit.
task<void> await_registration(step_context& with, iccid which);
/// Enables the profile that worked before, and waits for its network.
task<void> fall_back(step_context& with, iccid which);

/// Enables a profile at the card.
task<void> enable_on_card(step_context& with, iccid which, std::string use);

}  // namespace agent::provision
