#include "agent/esim/set_profile_state.hpp"

namespace agent::esim {
namespace {

task<void> change(installer& card, lpa::profile& one, profile_change what)
{
    switch (what) {
    case profile_change::enable: one.state = lpa::profile_state::enabled; break;
    case profile_change::disable: one.state = lpa::profile_state::disabled; break;
    case profile_change::remove: return card.remove(one.iccid);
    }
    return what == profile_change::enable ? card.enable(one.iccid) : card.disable(one.iccid);
}

}  // namespace

task<changed_profile> set_profile_state(installer& card, iccid which, profile_change what,
    std::function<result<void>(const lpa::profile&)> before)
{
    auto found = co_await find_profile(card, std::move(which));
    if (!found)
        co_return found.error();
    changed_profile out;
    out.profile = std::move(*found);
    bool is_enabled = out.profile.state == lpa::profile_state::enabled;
    bool is_so = (what == profile_change::enable && is_enabled)
                 || (what == profile_change::disable && !is_enabled);
    if (!is_so) {
        if (auto allowed = before(out.profile); !allowed)
            co_return allowed.error();
        auto changed = co_await change(card, out.profile, what);
        if (!changed)
            co_return changed.error();
    }
    out.told = co_await card.send_notifications();
    co_return std::move(out);
}

}  // namespace agent::esim
