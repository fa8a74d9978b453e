#include "agent/control/card_requests.hpp"

#include "agent/base/json.hpp"
#include "agent/esim/card_session.hpp"
#include "agent/lpa/to_json.hpp"

#include <boost/json/array.hpp>

namespace agent::control {
namespace {

constexpr std::chrono::seconds gate_limit{15};

}  // namespace

task<json::object> card_requests::with_card(std::string use, work what)
{
    return esim::card_session<json::object>(
        card_, gate_, std::move(use), gate_limit, log_, std::move(what));
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
    auto sent = co_await card_.send_notifications();
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

task<json::object> card_requests::change_open(iccid which, esim::profile_change what)
{
    auto at_once = [](const lpa::profile&) { return result<void>(); };
    auto changing = esim::set_profile_state(card_, std::move(which), what, at_once);
    auto changed = co_await std::move(changing);
    if (!changed)
        co_return changed.error();
    if (!changed->told)
        log_.warning("notifications stay on the card: " + changed->told.error().message());
    json::object out = to_json(changed->profile);
    if (what != esim::profile_change::remove)
        co_return std::move(out);
    out.clear();
    out["iccid"] = changed->profile.iccid.text();
    out["state"] = "deleted";
    co_return std::move(out);
}

task<json::object> card_requests::change(
    iccid which, esim::profile_change what, std::function<void()> before)
{
    auto change_it = [this, which, what, before = std::move(before)] {
        before();
        return change_open(which, what);
    };
    return with_card("changing a profile", std::move(change_it));
}

}  // namespace agent::control
