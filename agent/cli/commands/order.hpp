#pragma once

#include "agent/cli/commands.hpp"
#include "agent/esim/fetch_order.hpp"

#include <string>
#include <vector>

namespace agent::cli {

/// The eSIM that a command is about; a problem that says what to do if there is none.
using wanted_order = boost::system::result<esim::order, problem>;

/// Reads an activation code from a file, or from standard input for "-".
wanted_order read_code(const std::string& file);

/// Fetches the customer's order (esim::fetch_order()): the eSIM that is named, or configured; else
/// one that is on this card (`on_card`) already; else the only one to install.
asio::awaitable<wanted_order> fetch_order(
    session& with, std::string uid, std::string named, std::vector<iccid> on_card);

}  // namespace agent::cli
