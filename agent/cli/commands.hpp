#pragma once

#include "agent/cli/explain.hpp"
#include "agent/cli/options.hpp"
#include "agent/config/config.hpp"
#include "agent/gigastore/client.hpp"
#include "platform/log.hpp"

namespace agent::cli {

/// What commands work with; made in main(), outlives them.
struct session {
    const config& settings;
    gigastore::client& api;
    platform::logger& log;
    bool json = false;
    std::string unsettled{};  // what may have been done when this is interrupted; else empty
};

// One function a command, in the file of its name. Each prints what it found and ends with
// what went wrong, if anything.
command run(session& with, qr_options options);
command run(session& with, customer_show_options options);
command run(session& with, customer_list_options options);
command run(session& with, customer_search_options options);
command run(session& with, customer_update_options options);
command run(session& with, package_list_options options);
command run(session& with, package_activate_options options);
command run(session& with, package_refund_options options);

/// Runs whichever command was asked for.
command run(session& with, command_options options);

/// The UID that was given, else the configured one; a problem if there is neither.
boost::system::result<std::string, problem> wanted_uid(const session& with, std::string given);

/// A problem with the customer that was named: says how to find the right UID if there is none.
problem about_customer(const std::string& doing, const failure& why);

}  // namespace agent::cli
