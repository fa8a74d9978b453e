#pragma once

#include "agent/lpa/notifications.hpp"

#include <cstdint>
#include <vector>

namespace agent::provision {

/// A notification that its server did not take.
struct stuck_notification {
    std::uint64_t sequence = 0;
    std::string address{};
    std::int64_t since = 0;   // seconds since 1970: the first time
    bool is_refused = false;  // by the server, and not for a reason that may pass
};

/// Those that are stuck after these attempts at `now` (seconds since 1970): with the time of their
/// first failure, if that is known. Those that were not tried stay.
std::vector<stuck_notification> stuck_after(const std::vector<stuck_notification>& before,
    const std::vector<lpa::delivery>& attempts, std::int64_t now);

/// Forgets those that are no longer `on_card`.
void forget_gone(
    std::vector<stuck_notification>& stuck, const std::vector<lpa::notification>& on_card);

/// True for one that the daemon does not send any more by itself: its server has refused it for a
/// day, or could not be reached for thirty. It stays on the card, for 'notification send'.
bool is_set_aside(
    const std::vector<stuck_notification>& stuck, const lpa::notification& one, std::int64_t now);

}  // namespace agent::provision
