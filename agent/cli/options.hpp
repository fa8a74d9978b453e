#pragma once

#include "agent/gigastore/client.hpp"
#include "platform/log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace agent::cli {

// What each command was asked for: plain values, filled by parse().

enum class qr_format { utf8, ansi, ascii, svg, png, pbm, raw, escpos };
enum class qr_link { lpa, apple, android, gigastore };

struct qr_options {
    std::string uid{};
    std::string code_file{};
    std::string iccid{};
    std::optional<qr_format> format{};
    qr_link link = qr_link::lpa;
    std::string output{};
    int pixels = 400;
    int paper = 80;  // millimetres
    bool reveal = false;
};

struct customer_show_options {
    std::string uid{};
    gigastore::search query{};  // of the customer, if it has a text
    bool reveal = false;
};

struct customer_list_options {
    int limit = 0;  // 0 is all
};

struct customer_search_options {
    gigastore::search query{};
};

struct customer_update_options {
    std::string uid{};
    gigastore::customer_change change{};
};

struct inventory_list_options {};

/// customer create and package top-up: the kind tells which.
struct purchase_options {
    gigastore::purchase what{};
    std::optional<double> price{};  // that it is expected to cost
    bool yes = false;
};

struct package_list_options {
    std::string from{};
    std::string to{};
    std::string uid{};          // of one customer alone
    gigastore::search query{};  // of the customers that it finds, if it has a text
};

struct package_show_options {
    std::string id{};
};

struct package_activate_options {
    std::string id{};
    bool yes = false;
};

struct package_refund_options {
    std::string id{};
    bool yes = false;
};

struct install_options {
    std::string uid{};
    std::string code_file{};
    std::string iccid{};
    std::string confirmation_code_file{};
    std::optional<bool> enable{};  // nothing: as configured
    bool yes = false;
};

struct euicc_info_options {};

struct euicc_eid_options {};

struct profile_list_options {};

struct profile_enable_options {
    std::string iccid{};
};

struct profile_disable_options {
    std::string iccid{};
};

struct profile_delete_options {
    std::string iccid{};
    bool yes = false;
};

struct profile_rename_options {
    std::string iccid{};
    std::string name{};
};

struct notification_list_options {};

struct notification_send_options {};

struct notification_remove_options {
    std::uint64_t sequence = 0;
    bool yes = false;
};

struct link_create_options {
    std::string uid{};
    std::string iccid{};
};

struct link_list_options {};

struct link_revoke_options {
    std::string id{};
    bool is_all = false;
};

struct status_options {};

struct report_list_options {};

struct report_flush_options {};

struct batch_options {
    std::string file{};
    std::string output{};  // results; empty: beside the list
    std::string labels{};  // instead of installing: a page of QRs
    int wait = 0;          // seconds for the next card; 0: as long as it takes
};

struct watch_options {
    bool lines = false;  // no full screen
};

struct doctor_options {
    std::string bundle{};  // a file for the archive; empty: none
};

using command_options = std::variant<qr_options, customer_show_options, customer_list_options,
    customer_search_options, customer_update_options, inventory_list_options, purchase_options,
    package_list_options, package_show_options, package_activate_options, package_refund_options,
    install_options, euicc_info_options, euicc_eid_options, profile_list_options,
    profile_enable_options, profile_disable_options, profile_delete_options, profile_rename_options,
    notification_list_options, notification_send_options, notification_remove_options,
    link_create_options, link_list_options, link_revoke_options, status_options,
    report_list_options, report_flush_options, doctor_options, watch_options, batch_options>;

struct invocation {
    std::string config_file{};  // empty: the default one, if it is there
    bool json = false;
    std::optional<platform::log_level> log_level{};
    bool runs_daemon = false;  // instead of a command
    command_options command{};
};

/// What parse() came to: an invocation, or the exit status with which to end at once
/// (help and version were printed, or the usage was wrong and that was said).
using parsed = std::variant<invocation, int>;

/// Reads the command line (CLI11).
parsed parse(int argc, char** argv);

}  // namespace agent::cli
