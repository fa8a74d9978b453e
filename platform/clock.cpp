#include "platform/clock.hpp"

#include <algorithm>

namespace platform {

timestamp build_time()
{
    return timestamp{std::chrono::seconds{BUILD_TIME}};
}

clock_reading read_clock()
{
    auto now = std::chrono::floor<timestamp::duration>(std::chrono::system_clock::now());
    return {.system = now, .checked_at = std::max(now, build_time())};
}

}  // namespace platform
