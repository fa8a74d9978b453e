#pragma once

#include "agent/provision/next_step.hpp"
#include "agent/report/stage.hpp"
#include "platform/clock.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace agent::provision {

/// What is left of a customer's packages, and until when.
struct package_balance {
    std::optional<double> megabytes{};                // Gigastore's total
    std::optional<platform::timestamp> expires_at{};  // the first end of a package that is running
};

package_balance balance_of(const gigastore::customer& who, platform::timestamp now);
boost::json::object to_json(const package_balance& what);

/// What the daemon is doing, for people and machines: one answer for `status`, metrics, events and
/// systemd. Holds no secret.
struct status {
    std::string customer_uid{};
    agent::iccid iccid{};
    std::optional<report::stage> stage{};  // the last that was reached; none before the first
    std::string esim_state{};              // as Gigastore spells it
    std::string doing{};                   // one line: what it does, or why it rests
    std::optional<int> percent{};
    std::optional<platform::timestamp> next_at{};  // when it looks again
    std::string trouble{};  // class of what went wrong last; empty if all is well
    std::string advice{};

    std::string eid{};
    std::string modem{};  // its IMEI
    std::optional<platform::registration> network{};
    std::optional<data_path> online{};
    bool is_online_known = false;  // it was looked for

    std::int64_t desired_version = 0;  // of the last order from afar; 0: there was none
    std::string named{};               // the eSIM that is wanted, if one was named
    std::string refused_desired{};     // why the newest that came is not taken

    package_balance balance{};
    bool is_clock_plausible = true;
    bool is_state_saved = true;       // false: the disk does not take it
    std::string provisioning_file{};  // what is wrong with one that lies there
    int failures = 0;                 // in a row
    int installations = 0;            // since the start
    int steps = 0;                    // since the start
};

boost::json::object to_json(const status& what);

/// What whoever gives orders from afar is told: which one was taken, and how far the device is.
/// Changes only with what it says.
boost::json::object to_reported(const status& what);

}  // namespace agent::provision
