#pragma once

#include "agent/esim/find_profile.hpp"

#include <functional>
#include <vector>

namespace agent::esim {

enum class profile_change { enable, disable, remove };

/// What became of a change on the card.
struct changed_profile {
    lpa::profile profile{};                     // as it is now; as it was, if it was removed
    result<std::vector<lpa::delivery>> told{};  // what the servers were told of it
};

/// Enables, disables or removes a profile of the open card, unless it is so already, and delivers
/// the card's notifications: that a server was not reached fails nothing. `before` is called with
/// the profile, just before the card is asked to change it. Fails with no_such_profile, and as the
/// card does.
task<changed_profile> set_profile_state(installer& card, iccid which, profile_change what,
    std::function<result<void>(const lpa::profile&)> before);

}  // namespace agent::esim
