#include "agent/lpa/notifications.hpp"

#include "agent/lpa/error.hpp"

#include <algorithm>

namespace agent::lpa {
bool holds_for(const delivery& before, const notification& next)
{
    if (!before.why_not || before.about.address != next.address)
        return false;
    bool is_network = before.why_not->code().category() != category();
    bool is_same_profile = !next.iccid.empty() && before.about.iccid == next.iccid;
    bool may_pass =
        *before.why_not == errc::server_problem || *before.why_not == errc::malformed_es9;
    return is_network || (is_same_profile && may_pass);
}

task<void> deliver(euicc& card, es9_client& servers, notification about, std::optional<bytes> known)
{
    bytes content;
    if (known) {
        content = std::move(*known);
    } else {
        auto kept = co_await card.retrieve(about.sequence);
        if (!kept)
            co_return kept.error();
        content = std::move(kept->whole);
    }
    auto sent = co_await servers.handle_notification(about.address, std::move(content));
    if (!sent)
        co_return sent.error();
    auto forgotten = co_await card.forget(about.sequence);
    bool is_gone_already = !forgotten && forgotten.error() == errc::no_such_notification;
    if (is_gone_already)
        co_return result<void>();
    co_return forgotten;
}

task<std::vector<delivery>> deliver_notifications(
    euicc& card, es9_client& servers, std::function<bool(const notification&)> is_left_out)
{
    auto pending = co_await card.notifications();
    if (!pending)
        co_return pending.error();
    if (is_left_out)
        std::erase_if(*pending, is_left_out);
    std::vector<delivery> out;
    for (notification& each : *pending) {
        delivery one;
        one.about = each;
        auto stuck = std::ranges::find_if(
            out, [&](const delivery& before) { return holds_for(before, each); });
        if (stuck != out.end()) {
            one.why_not = stuck->why_not;
        } else {
            auto sent = co_await deliver(card, servers, std::move(each));
            if (!sent)
                one.why_not = sent.error();
        }
        out.push_back(std::move(one));
    }
    co_return out;
}

}  // namespace agent::lpa
