#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es9.hpp"
#include "agent/lpa/euicc.hpp"
#include "platform/log.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace agent::lpa {

/// What became of a notification.
struct delivery {
    notification about{};
    std::optional<failure> why_not{};  // it stays on the card, for the next time
};

/// True if what came of one notification holds for the next, too: a server that could not be
/// reached is not asked again at once, and each profile's are told in their order. What a server
/// refuses of one profile does not keep it from hearing of another.
bool holds_for(const delivery& before, const notification& next);

/// Sends every notification on the card to its own server, in the order of their numbers, and
/// removes those that were accepted (SGP.22, 3.5). Later ones wait as holds_for() says. Those for
/// which `is_left_out` says so stay where they are and are not in the answer. Fails only if the
/// card cannot be read.
task<std::vector<delivery>> deliver_notifications(
    euicc& card, es9_client& servers, std::function<bool(const notification&)> is_left_out = {});

/// Sends one, whose content may be at hand (`known`), and removes it if it was accepted.
task<void> deliver(
    euicc& card, es9_client& servers, notification about, std::optional<bytes> known = {});

}  // namespace agent::lpa
