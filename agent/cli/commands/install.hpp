#pragma once

#include "agent/cli/commands/card.hpp"
#include "agent/cli/commands/order.hpp"
#include "platform/secret.hpp"

#include <optional>

namespace agent::cli {

/// What came of an installation.
struct installed {
    lpa::profile profile{};
    esim::order of{};
    bool was_there = false;
    bool is_told = true;  // its SM-DP+ has the install notification
};

/// Installs an eSIM on the open card, or finds it there; enables it if that is wanted.
asio::awaitable<boost::system::result<installed, problem>> install_on(
    session& with, install_options options, std::optional<platform::secret> confirmation_code);

}  // namespace agent::cli
