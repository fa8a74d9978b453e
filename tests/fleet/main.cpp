// What a fleet asks of its servers when they are back after an outage of an hour, minute by minute.
// Fails where the peak is three times the mean or more.
#include "tests/fleet/simulation.hpp"

#include <cstdio>

namespace {

using fleet::answer, fleet::milliseconds, fleet::scenario, fleet::seconds;
using traffic = scenario::traffic;

answer unreachable(milliseconds)
{
    return {.status = 0};
}

answer failing(milliseconds)
{
    return {.status = 503};
}

/// "Maintenance until noon": one moment for everybody.
answer maintenance(milliseconds left)
{
    return {.status = 503, .retry_after = std::chrono::ceil<seconds>(left)};
}

answer busy(milliseconds)
{
    return {.status = 429, .retry_after = seconds(60)};
}

const scenario scenarios[] = {
    {"wait for an eSIM; no connection", traffic::waiting, unreachable},
    {"wait for an eSIM; 503", traffic::waiting, failing},
    {"wait for an eSIM; 503 with a date", traffic::waiting, maintenance},
    {"wait for an eSIM; 429, 60 s", traffic::waiting, busy},
    {"look every 6 h; no connection", traffic::settled, unreachable},
    {"look every 6 h; 503 with a date", traffic::settled, maintenance},
    {"bring a report; no connection", traffic::reports, unreachable},
    {"bring a report; 503", traffic::reports, failing},
    {"bring a report; 503 with a date", traffic::reports, maintenance},
    {"bring a report; 429, 60 s", traffic::reports, busy},
    {"connect to the broker; no connection", traffic::connections, unreachable},
};

}  // namespace

int main()
{
    constexpr double most = 3;
    bool is_good = true;
    std::puts("10,000 agents, an outage of 1 h, their own schedules on a simulated clock");
    std::printf("%-36s %6s %5s  %s\n", "they", "served", "ratio",
        "requests a minute from the end of the outage on (ratio: the fullest 10 s over the mean)");
    for (const scenario& each : scenarios) {
        fleet::recovery got = fleet::simulate(each);
        double ratio = got.peak_over_mean();
        std::printf("%-36s %6d %5.2f ", each.name.c_str(), got.served, ratio);
        for (int count : got.per_minute())
            std::printf(" %d", count);
        std::puts(ratio < most ? "" : "  TOO MUCH AT ONCE");
        is_good = is_good && ratio < most;
    }
    return is_good ? 0 : 1;
}
