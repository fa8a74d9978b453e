#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es9.hpp"
#include "agent/lpa/euicc.hpp"
#include "platform/log.hpp"

#include <optional>
#include <vector>

namespace agent::lpa {

/// What became of a notification.
struct delivery {
    notification about{};
    std::optional<failure> why_not{};  // it stays on the card, for the next time
};

/// Sends every notification on the card to its own server, in the order of their numbers, and
/// removes those that were accepted (SGP.22, 3.5). After one that could not be sent, later ones
/// for the same server wait too; after one that was refused they do not. Fails only if the card
/// cannot be read.
task<std::vector<delivery>> deliver_notifications(euicc& card, es9_client& servers);

/// Sends one, whose content may be at hand (`known`), and removes it if it was accepted.
task<void> deliver(
    euicc& card, es9_client& servers, notification about, std::optional<bytes> known = {});

}  // namespace agent::lpa
