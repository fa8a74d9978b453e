#include "platform/clock.hpp"

#include <algorithm>

namespace platform {
namespace {

timestamp own_floor{};

}  // namespace

timestamp build_time()
{
    return timestamp{std::chrono::seconds{BUILD_TIME}};
}

void raise_clock_floor(timestamp seen)
{
    constexpr std::chrono::hours three_years{3 * 365 * 24};
    own_floor = std::max(own_floor, std::min(seen, build_time() + three_years));
}

clock_reading read_clock()
{
    auto now = std::chrono::floor<timestamp::duration>(std::chrono::system_clock::now());
    bool is_believed = now >= build_time();
    return {.system = now, .checked_at = is_believed ? now : std::max(own_floor, build_time())};
}

}  // namespace platform
