#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fleet {

using std::chrono::milliseconds, std::chrono::seconds;

/// What a server says at one moment.
struct answer {
    unsigned status = 200;  // 0: it cannot be reached
    std::optional<seconds> retry_after{};
};

/// One fleet that meets one outage.
struct scenario {
    std::string name{};
    enum class traffic { waiting, settled, reports, connections } of = traffic::waiting;
    /// During the outage, `left` before its end.
    std::function<answer(milliseconds left)> fails{};
};

/// What came after the outage.
struct recovery {
    std::vector<int> in_ten_seconds{};  // requests, from the end of the outage to the last served
    int served = 0;                     // agents that had failed in the outage

    std::vector<int> per_minute() const;
    /// Of ten seconds; a recovery of less than five minutes is measured as one of five: a burst is
    /// not even because it is all there is.
    double peak_over_mean() const;
};

/// 10,000 agents before, in and after an outage of an hour, on a simulated clock: each by the
/// product's own schedule, retries and back-off. The same numbers each time it is run.
recovery simulate(const scenario& what);

}  // namespace fleet
