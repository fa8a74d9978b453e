#pragma once

#include "agent/cli/commands.hpp"
#include "agent/lpa/notifications.hpp"

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

namespace agent::cli {

// What the commands about the card have in common.

/// Opens the card, does `work`, and gives the card free again, whatever came of the work, also
/// when it was interrupted. A problem if no modem is configured.
command with_card(session& with, std::function<command(const lpa::euicc_info&)> work);

/// Sends what waits on the card, and says on standard error what could not be sent: that never
/// fails the command. Gives what became of each; a failure if the card or the configuration could
/// not be read.
task<std::vector<lpa::delivery>> send_pending(session& with, const lpa::euicc_info& card);

/// The profile that `iccid` names; a problem that says where to look if there is none.
asio::awaitable<boost::system::result<lpa::profile, problem>> find_profile(
    session& with, std::string iccid);

/// "install", "enable", "disable", "delete".
const char* name_of(lpa::operation what);
/// "enabled", "disabled".
const char* name_of(lpa::profile_state state);
/// "operational", "provisioning", "test", "unknown".
const char* name_of(lpa::profile_class kind);

/// A profile as JSON, with the field names of SGP.22.
boost::json::object to_json(const lpa::profile& one);
/// "Worldwide of Gigastore": its nickname or name, and who provides it.
std::string title_of(const lpa::profile& one);
std::string title_of(const std::string& name, const std::string& provider);

}  // namespace agent::cli
