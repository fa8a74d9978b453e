#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <limits>

namespace platform {

/// Microseconds, not nanoseconds: those end in 2262, and "for ever" is written 9999-12-31.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Whole seconds since 1970, as other programs and files count them.
inline std::int64_t unix_seconds(timestamp time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// The same for C libraries; where their time ends in 2038, the last one that they have.
inline std::time_t to_time_t(timestamp time)
{
    constexpr std::int64_t last = std::numeric_limits<std::time_t>::max();
    return static_cast<std::time_t>(std::min(unix_seconds(time), last));
}

/// The time of that many seconds; the end of the year 9999 for later ones.
inline timestamp from_unix_seconds(std::int64_t seconds)
{
    constexpr std::int64_t last = 253'402'300'799;
    return timestamp(std::chrono::seconds(seconds < last ? seconds : last));
}

/// What the system clock says, and whether that can be true.
struct clock_reading {
    timestamp system{};
    timestamp checked_at{};  // the later of the system clock and the floor
    bool is_plausible() const { return system == checked_at; }
};

/// When this program was built: no certificate is judged at an earlier time, since a
/// device without a battery clock starts in 1970.
timestamp build_time();

/// A time that this device has seen before, e.g. when it last wrote its state: a system clock from
/// before the build is taken to stand there. At most three years after the build, since a clock
/// that once was years ahead must not lock the device out for ever.
void raise_clock_floor(timestamp seen);

/// Reads the system clock against the build time and that floor (DESIGN, promise 5). A clock that
/// is later than the build is believed.
clock_reading read_clock();

}  // namespace platform
