#include "agent/report/mqtt_orders.hpp"

#include <algorithm>

namespace agent::report {

bool mqtt_orders::refused(time_point now)
{
    constexpr std::chrono::seconds first{2};
    constexpr std::chrono::seconds longest{300};
    constexpr int most_doublings = 8;
    due_ = now + std::min(first * (1 << std::min(refusals_, most_doublings)), longest);
    return refusals_++ == 0;
}

void mqtt_orders::keep(std::string_view topic, std::string_view text)
{
    constexpr std::size_t longest = 4096;
    if (topic == topic_)
        kept_.emplace_back(text.substr(0, longest + 1));
}

}  // namespace agent::report
