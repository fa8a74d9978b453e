#pragma once

#include "agent/provision/next_step.hpp"

#include <chrono>
#include <optional>

namespace agent::provision {

/// How often to look again.
struct pace {
    std::chrono::seconds poll{21'600};      // while nothing is to be done
    std::chrono::seconds pending_poll{20};  // while something is awaited
};

/// When the next step is due, from what the last ones came to. Pure: no clock, no chance of its
/// own; `random` is in [0, 1).
class schedule {
public:
    explicit schedule(pace settings) : settings_(settings) {}

    /// A step was done.
    void succeeded(step what);
    /// A step failed: how long until it is worth another try. The same step that fails again waits
    /// longer; what only a person can change is looked at again when all the rest is. A server that
    /// asked to come back later is not asked before, but for a day at most.
    std::chrono::milliseconds failed(step what, failure_class why, double random,
        std::chrono::seconds retry_after = std::chrono::seconds(0));
    /// There is nothing to do: how long until the next look. What is awaited is looked for soon,
    /// and ever more rarely; a fleet that was switched on together does not ask together for ever.
    std::chrono::milliseconds rested(bool is_pending, double random);
    /// Something has changed: what is awaited may come soon.
    void hurry() { pending_looks_ = 0; }

    /// How often the present step has failed in a row.
    int failures() const { return failures_; }

private:
    pace settings_;
    std::optional<step> failing_{};
    int failures_ = 0;
    int pending_looks_ = 0;
};

}  // namespace agent::provision
