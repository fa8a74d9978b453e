#pragma once

#include "agent/cli/commands.hpp"
#include "agent/lpa/notifications.hpp"
#include "agent/lpa/to_json.hpp"

#include <functional>
#include <string>
#include <vector>

namespace agent::cli {

// What the commands about the card have in common.
using lpa::name_of, lpa::to_json;

/// Opens the card, does `work`, and gives the card free again, whatever came of the work, also
/// when it was interrupted. A problem if no modem is configured.
command with_card(session& with, std::function<command()> work);

/// Says on standard error what could not be sent: that never fails a command.
void tell_what_stays(const session& with, const result<std::vector<lpa::delivery>>& sent);

/// Sends what waits on the card, and says what could not be sent. Gives what became of each; a
/// failure if the card or the configuration could not be read.
task<std::vector<lpa::delivery>> send_pending(session& with);

/// The profile that `named`, an ICCID, names; a problem that says where to look if there is none.
asio::awaitable<boost::system::result<lpa::profile, problem>> find_profile(
    session& with, std::string named);

/// "Worldwide of Gigastore": its nickname or name, and who provides it.
std::string title_of(const lpa::profile& one);
std::string title_of(const std::string& name, const std::string& provider);

}  // namespace agent::cli
