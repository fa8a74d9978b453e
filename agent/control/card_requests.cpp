#include "agent/control/card_requests.hpp"

#include "agent/base/iccid.hpp"
#include "agent/base/json.hpp"
#include "agent/lpa/error.hpp"
#include "agent/lpa/open_card.hpp"
#include "agent/lpa/to_json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace agent::control {
namespace {

constexpr std::chrono::seconds gate_limit{15};

}  // namespace

task<json::object> card_requests::open_and(work what)
{
    auto opened = co_await card_.open();
    if (!opened)
        co_return opened.error();
    auto done = co_await what();
    co_return std::move(done);
}

task<json::object> card_requests::with_card(std::string use, work what)
{
    auto lease = co_await gate_.take(std::move(use), gate_limit);
    if (!lease)
        co_return lease.error();
    auto working = lpa::closing_card(card_, log_, open_and(std::move(what)));
    co_return co_await std::move(working);
}

task<json::object> card_requests::list()
{
    auto all = co_await card_.profiles();
    if (!all)
        co_return all.error();
    json::array profiles;
    for (const lpa::profile& each : *all)
        profiles.push_back(to_json(each));
    json::object out;
    out["profiles"] = std::move(profiles);
    co_return std::move(out);
}

task<json::object> card_requests::profiles()
{
    return with_card("listing profiles", [this] { return list(); });
}

task<json::object> card_requests::send_open()
{
    auto info = co_await card_.basic_info();
    if (!info)
        co_return info.error();
    auto servers = servers_.for_card(*info);
    if (!servers)
        co_return servers.error();
    auto sent = co_await lpa::deliver_notifications(card_, **servers);
    if (!sent)
        co_return sent.error();
    json::array entries;
    for (const lpa::delivery& each : *sent) {
        json::object one = to_json(each.about);
        one["sent"] = !each.why_not;
        entries.push_back(std::move(one));
    }
    json::object out;
    out["notifications"] = std::move(entries);
    co_return std::move(out);
}

task<json::object> card_requests::send_notifications()
{
    return with_card("sending notifications", [this] { return send_open(); });
}

task<json::object> card_requests::change_open(std::string iccid, profile_change what)
{
    auto all = co_await card_.profiles();
    if (!all)
        co_return all.error();
    auto found = std::ranges::find_if(
        *all, [&](const lpa::profile& each) { return same_iccid(each.iccid, iccid); });
    failure missing(lpa::errc::no_such_profile, "no profile " + iccid + " is on the card");
    if (found == all->end())
        co_return missing;
    bool is_enabled = found->state == lpa::profile_state::enabled;
    bool wants_enabled = what == profile_change::enable;
    result<void> changed;
    if (what == profile_change::remove)
        changed = co_await card_.remove(found->iccid);
    else if (wants_enabled && !is_enabled)
        changed = co_await card_.enable(found->iccid);
    else if (!wants_enabled && is_enabled)
        changed = co_await card_.disable(found->iccid);
    if (!changed)
        co_return changed.error();
    auto sent = co_await send_open();
    if (!sent)
        log_.warning("notifications stay on the card: " + sent.error().message());
    json::object out;
    out["iccid"] = found->iccid;
    out["state"] = "deleted";
    if (what == profile_change::remove)
        co_return std::move(out);
    found->state = wants_enabled ? lpa::profile_state::enabled : lpa::profile_state::disabled;
    out = to_json(*found);
    co_return std::move(out);
}

task<json::object> card_requests::change(
    std::string iccid, profile_change what, std::function<void()> before)
{
    auto change_it = [this, iccid, what, before = std::move(before)] {
        before();
        return change_open(iccid, what);
    };
    return with_card("changing a profile", std::move(change_it));
}

}  // namespace agent::control
