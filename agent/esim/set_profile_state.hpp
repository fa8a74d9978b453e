#pragma once

#include "agent/esim/find_profile.hpp"
#include "agent/lpa/notifications.hpp"
#include "agent/lpa/smdp_access.hpp"

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
task<changed_profile> set_profile_state(lpa::euicc& card, lpa::smdp_access& servers, iccid which,
    profile_change what, std::function<result<void>(const lpa::profile&)> before);

/// Delivers what waits on the open card, but for what `is_left_out` names. Fails only if the card
/// or a file of authorities cannot be read.
task<std::vector<lpa::delivery>> send_notifications(lpa::euicc& card, lpa::smdp_access& servers,
    std::function<bool(const lpa::notification&)> is_left_out = {});

}  // namespace agent::esim
