#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/cli/commands.hpp"

#include <string>
#include <vector>

namespace agent::cli {

/// The eSIM that a command is about, and whose it is where that is known.
struct subject {
    activation_code code{};
    std::string customer_uid{};
    std::string iccid{};
    std::string state{};  // as Gigastore spells it
};

/// Reads an activation code from a file, or from standard input for "-".
boost::system::result<subject, problem> read_code(const std::string& file);

/// Fetches a customer and chooses its eSIM: the one named, or configured; else one that is on
/// this eUICC (`on_euicc`) already; else the only one to install.
asio::awaitable<boost::system::result<subject, problem>> fetch_code(
    session& with, std::string uid, std::string iccid, std::vector<std::string> on_euicc);

}  // namespace agent::cli
