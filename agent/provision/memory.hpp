#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/provision/stuck_notifications.hpp"
#include "agent/provision/wanted.hpp"
#include "agent/report/stage.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/state_file.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace agent::provision {

/// Why a code is not tried again by itself.
struct refusal {
    std::string code_digest{};  // empty: none was refused
    failure_class kind = failure_class::refused;
    std::string name{};  // "code_refused"
    std::string words{};
    std::string advice{};

    /// The failure that it was.
    failure why() const;
};

/// An eSIM that was begun and is not wanted any more: what became of it has still to be told.
struct superseded_order {
    std::string customer_uid{};
    agent::iccid iccid{};
    std::string imsi{};
    int occurrence = 0;
};

/// What the daemon remembers of attempts and outcomes; card and servers know the truth (DESIGN,
/// promise 1). Holds no activation code.
struct memory {
    wanted order{};                // by the local API or a provisioning file
    std::string configured_uid{};  // what the configuration said when that was ordered
    std::string configured_named{};
    std::int64_t desired_version = 0;  // of the last order from afar that was taken
    std::string desired_eid{};         // to whose topic that came
    std::string assigned_uid{};        // what the gateway said last: whose eSIM
    std::string assigned_iccid{};      // and which

    std::string memory_id{};  // random: a part of every report's id, lest they begin anew with it
    std::string eid{};
    std::string customer_uid{};                    // whose eSIM this is about
    agent::iccid iccid{};                          // that eSIM
    int occurrence = 0;                            // counts installations and what else begins anew
    std::vector<report::stage> reported{};         // the stages of this occurrence, in their order
    std::vector<std::string> reported_failures{};  // the names of those that were told
    std::string esim_state{};                      // as last reported
    std::string imsi{};                            // as Gigastore knew it last

    agent::iccid working_iccid{};   // the last that registered, or was enabled before ours
    agent::iccid unusable_iccid{};  // did not register
    agent::iccid held_iccid{};      // disabled or deleted by hand
    int installations = 0;          // of `iccid` on this device
    int failures = 0;               // counts what was well again and then failed anew
    int balance_events = 0;
    refusal refused{};
    std::vector<stuck_notification> stuck{};     // on the card of `eid`
    std::vector<superseded_order> superseded{};  // until the card was looked at

    std::vector<std::string> taken_files{};  // digests of those that could not be wiped or read
    std::string low_balance_of{};            // customer who was reported
    std::string exhausted_of{};
    std::string expiring_item{};
    std::int64_t written_at = 0;  // seconds since 1970, by the system clock

    bool has_reported(report::stage stage) const;
    /// Whether somebody disabled or deleted our profile by hand: it stays so.
    bool holds_ours() const;
    /// Whether the eSIM was fetched for this device and is not at its end yet.
    bool is_begun() const;
    /// The last stage that was reached; none before the first.
    std::optional<report::stage> stage() const;
};

/// All of it but an order's confirmation code, for support.
boost::json::object to_json_without_secrets(const memory& what);

/// Where the memory rests: STATE/provision.json.
class memory_file {
public:
    memory_file(std::string state_directory, platform::logger& log)
        : file_(std::move(state_directory) + "/provision.json"), log_(log)
    {
    }

    /// What was saved; a fresh memory, after a word in the log, if that is damaged: it is set aside
    /// then, unless somebody only wants to look. Fails if it is there and cannot be read.
    result<memory> load(platform::damage damaged = platform::damage::set_aside) const;
    /// Writes it, if anything changed. False if the disk does not take it, after a word.
    bool save(memory& what) const;
    /// The same, and no trace is left of the generation before: it held a secret.
    bool save_without_trace(memory& what) const;

private:
    std::string file_;
    platform::logger& log_;
};

}  // namespace agent::provision
