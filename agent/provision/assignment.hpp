#pragma once

#include "agent/gigastore/client.hpp"
#include "agent/provision/provisioner.hpp"

#include <chrono>

namespace agent::provision {

/// How often a gateway is asked whose eSIM this device is to have.
struct assignment_pace {
    std::chrono::seconds first{20};      // after the first answer that names nobody; then doubled
    std::chrono::seconds usual{21'600};  // once it names somebody, and at most
};

/// How long until it is asked again: what its last answer says (`told`), else the usual time once
/// it names somebody, else longer with each of the `vain` asks before. `random` is in [0, 1), so
/// that a fleet that was switched on together does not ask together.
std::chrono::seconds next_ask(
    const gigastore::assignment& told, int vain, const assignment_pace& pace, double random);

/// Asks the gateway again and again, and has the provisioner take what it assigns. Until it is
/// cancelled.
asio::awaitable<void> follow_assignment(
    provisioner& by, gigastore::client& gateway, assignment_pace pace, platform::logger& log);

}  // namespace agent::provision
