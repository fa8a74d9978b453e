#pragma once

#include "agent/provision/next_step.hpp"
#include "agent/provision/status.hpp"
#include "agent/report/outbox.hpp"
#include "platform/log.hpp"

#include <functional>
#include <string>

namespace agent::provision {

/// Which packages are worth a report.
struct balance_notice {
    double low_megabytes = 100;
    std::chrono::hours before_expiry{72};
};

/// Tells the fleet, once each, which stages card, modem and Gigastore show: first the report is in
/// the outbox, then the memory of it is on disk. Between both it is told twice with one id, never
/// not at all (DESIGN, promise 2).
class announcer {
public:
    /// All outlive it.
    announcer(situation& of, const memory_file& file, report::outbox& outbox, platform::logger& log)
        : situation_(of), file_(file), outbox_(outbox), log_(log)
    {
    }

    /// Reports a stage of the present eSIM, unless it was reported already.
    void announce(report::stage stage, boost::json::object more = {});
    /// Reports a failure, once by its name until forget_failures().
    void announce_failure(const failure& why);
    /// All is well: the next failure is news.
    void forget_failures();
    /// From now on it is about this eSIM, and everything about it is news. What was begun of the
    /// one before is told once the card was looked at.
    void begin_occurrence(const iccid& which);
    /// Reports what the card and the modem show and nobody was told yet.
    void announce_what_is();
    /// Reports what is low, used up, or about to end; once each, and again only after it was well
    /// in between.
    void announce_balance(
        const std::string& customer_uid, const package_balance& now, const balance_notice& notice);

    /// Reads the memory. Fails if it is there and cannot be read: it is not empty then.
    result<void> load();
    /// Writes the memory down. False if the disk does not take it.
    bool save();
    /// The same, and no trace is left of what it held before: a secret.
    void save_without_trace() { is_saved_ = file_.save_without_trace(situation_.past); }
    bool is_saved() const { return is_saved_; }
    /// Called after each report.
    void on_change(std::function<void()> call) { on_change_ = std::move(call); }

private:
    /// With how the eSIM stands by now, also where the stage says nothing about that.
    report::event make_event(report::stage stage);
    bool announce_absence();
    void announce_superseded();
    void tell_once(report::stage stage, bool is_so, std::string& told, const std::string& what,
        const package_balance& now);

    situation& situation_;
    const memory_file& file_;
    report::outbox& outbox_;
    platform::logger& log_;
    bool is_saved_ = true;
    std::function<void()> on_change_ = [] {};
};

}  // namespace agent::provision
