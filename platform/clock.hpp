#pragma once

#include <chrono>

namespace platform {

/// Microseconds, not nanoseconds: those end in 2262, and "for ever" is written 9999-12-31.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// What the system clock says, and whether that can be true.
struct clock_reading {
    timestamp system{};
    timestamp checked_at{};  // the later of the system clock and the floor
    bool is_plausible() const { return system == checked_at; }
};

/// When this program was built: no certificate is judged at an earlier time, since a
/// device without a battery clock starts in 1970.
timestamp build_time();

/// Reads the system clock against the build time (DESIGN, promise 5).
clock_reading read_clock();

}  // namespace platform
