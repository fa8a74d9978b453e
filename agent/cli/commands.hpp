#pragma once

#include "agent/cli/options.hpp"
#include "agent/cli/output/explain.hpp"
#include "agent/config/config.hpp"
#include "agent/esim/installer.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/lpa/smdp_access.hpp"
#include "platform/auto_channel.hpp"
#include "platform/log.hpp"

#include <optional>
#include <string>

namespace agent::cli {

/// What commands work with; made in main(), outlives them.
struct session {
    const config& settings;
    gigastore::client& api;
    platform::logger& log;
    bool json = false;
    std::string config_file{};  // that was read; empty if there was none
    net::proxy_settings proxies{};
    esim::card_access device{};
    platform::found_port found{};        // what channel="auto" found
    bool names_modem = true;             // false: doctor looks for one all the same
    std::optional<problem> unsettled{};  // what to say if this is interrupted in the middle
    std::string if_interrupted{};        // or what to advise, where nothing was done
    net::http_client* http = nullptr;    // to Gigastore
    lpa::smdp_access* servers = nullptr;
    int status_instead = exit_done;  // for commands that print what is wrong themselves
};

// One function a command, in the file of its name. Each prints what it found and ends with
// what went wrong, if anything.
command run(session& with, qr_options options);
command run(session& with, customer_show_options options);
command run(session& with, customer_list_options options);
command run(session& with, customer_search_options options);
command run(session& with, customer_update_options options);
command run(session& with, inventory_list_options options);
command run(session& with, purchase_options options);
command run(session& with, package_list_options options);
command run(session& with, package_show_options options);
command run(session& with, package_activate_options options);
command run(session& with, package_refund_options options);
command run(session& with, install_options options);
command run(session& with, euicc_info_options options);
command run(session& with, euicc_eid_options options);
command run(session& with, profile_list_options options);
command run(session& with, profile_enable_options options);
command run(session& with, profile_disable_options options);
command run(session& with, profile_delete_options options);
command run(session& with, profile_rename_options options);
command run(session& with, notification_list_options options);
command run(session& with, notification_send_options options);
command run(session& with, notification_remove_options options);
command run(session& with, link_create_options options);
command run(session& with, link_list_options options);
command run(session& with, link_revoke_options options);
command run(session& with, status_options options);
command run(session& with, report_list_options options);
command run(session& with, report_flush_options options);
command run(session& with, doctor_options options);
command run(session& with, batch_options options);
command run(session& with, watch_options options);

/// Runs whichever command was asked for.
command run(session& with, command_options options);

/// The UID that was given, else the configured one; a problem if there is neither.
boost::system::result<std::string, problem> wanted_uid(const session& with, std::string given);

/// A problem with the customer that was named: says how to find the right UID if there is none.
problem about_customer(const std::string& doing, const failure& why);

/// The command that makes this purchase, to be run again: without 'esim-agent'.
std::string command_of(const gigastore::purchase& what);

}  // namespace agent::cli
