#include "agent/provision/stuck_notifications.hpp"

#include "platform/failure.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

constexpr std::int64_t day = 24 * 3600;

bool is_it(const stuck_notification& stuck, const lpa::notification& one)
{
    return stuck.sequence == one.sequence && stuck.address == one.address;
}

bool is_refusal(failure_class why)
{
    return why == failure_class::refused || why == failure_class::forbidden
           || why == failure_class::not_found || why == failure_class::credentials;
}

bool is_silence(failure_class why)
{
    return why == failure_class::may_pass || why == failure_class::obstructed;
}

}  // namespace

std::vector<stuck_notification> stuck_after(const std::vector<stuck_notification>& before,
    const std::vector<lpa::delivery>& attempts, std::int64_t now)
{
    std::vector<stuck_notification> out = before;
    for (const lpa::delivery& each : attempts)
        std::erase_if(out, [&](const stuck_notification& old) { return is_it(old, each.about); });
    for (const lpa::delivery& each : attempts) {
        if (!each.why_not)
            continue;
        auto known = std::ranges::find_if(
            before, [&](const stuck_notification& old) { return is_it(old, each.about); });
        bool is_known = known != before.end();
        failure_class why = each.why_not->kind();
        stuck_notification one;
        one.sequence = each.about.sequence;
        one.address = each.about.address;
        // A clock that was set back makes no failure lie in the future.
        one.since = is_known ? std::min(known->since, now) : now;
        one.is_refused = is_refusal(why);
        if (is_refusal(why) || is_silence(why))
            out.push_back(std::move(one));
        else if (is_known)  // the card's trouble, which says nothing of the server
            out.push_back(*known);
    }
    return out;
}

void forget_gone(
    std::vector<stuck_notification>& stuck, const std::vector<lpa::notification>& on_card)
{
    std::erase_if(stuck, [&](const stuck_notification& old) {
        return std::ranges::none_of(
            on_card, [&](const lpa::notification& each) { return is_it(old, each); });
    });
}

bool is_set_aside(
    const std::vector<stuck_notification>& stuck, const lpa::notification& one, std::int64_t now)
{
    auto found = std::ranges::find_if(
        stuck, [&](const stuck_notification& each) { return is_it(each, one); });
    if (found == stuck.end())
        return false;
    return now - found->since >= (found->is_refused ? day : 30 * day);
}

}  // namespace agent::provision
