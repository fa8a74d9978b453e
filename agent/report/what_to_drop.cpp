#include "agent/report/what_to_drop.hpp"

#include <algorithm>
#include <numeric>

namespace agent::report {
namespace {

bool is_newest_of_its_esim(const std::vector<waiting_report>& waiting, std::size_t index)
{
    const waiting_report& one = waiting[index];
    auto later = waiting.begin() + static_cast<std::ptrdiff_t>(index) + 1;
    return is_about_esim(one.stage)
           && std::none_of(later, waiting.end(), [&one](const waiting_report& each) {
                  return is_about_esim(each.stage) && each.iccid == one.iccid;
              });
}

}  // namespace

std::vector<std::uint64_t> what_to_drop(
    const std::vector<waiting_report>& waiting, const outbox_limits& limits)
{
    std::vector<std::uint64_t> victims;
    std::size_t size = std::accumulate(waiting.begin(), waiting.end(), std::size_t{0},
        [](std::size_t sum, const waiting_report& each) { return sum + each.size; });
    std::size_t count = waiting.size();
    bool is_full = count > limits.count || size > limits.bytes;
    if (!is_full || count < 2)
        return victims;
    // The loss will be reported: by the report that tells of earlier ones, or by one that needs
    // room.
    bool tells_already =
        std::ranges::find(waiting, stage::dropped, &waiting_report::stage) != waiting.end();
    count += limits.count > 1 && !tells_already ? 1 : 0;
    for (std::size_t i = 0; i + 1 < waiting.size(); ++i) {
        if (count <= limits.count && size <= limits.bytes)
            break;
        if (is_newest_of_its_esim(waiting, i) || waiting[i].stage == stage::dropped)
            continue;
        victims.push_back(waiting[i].number);
        size -= waiting[i].size;
        --count;
    }
    if (victims.empty())
        victims.push_back(waiting.front().number);
    return victims;
}

}  // namespace agent::report
