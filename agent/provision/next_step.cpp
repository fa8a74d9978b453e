#include "agent/provision/next_step.hpp"

#include "agent/base/activation_code.hpp"
#include "agent/esim/find_profile.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/lpa/journal.hpp"
#include "agent/provision/error.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

/// More often than this a profile that vanished is not fetched again by itself: Gigastore allows
/// five installations, and somebody may need them.
constexpr int most_installations = 2;

next rest(std::string reason)
{
    next out;
    out.reason = std::move(reason);
    return out;
}

next rest_with(failure why, std::string reason, bool is_pending)
{
    next out = rest(std::move(reason));
    out.trouble = std::move(why);
    out.is_pending = is_pending;
    return out;
}

next make(step what, const iccid& which, std::string reason)
{
    next out;
    out.what = what;
    out.iccid = which;
    out.reason = std::move(reason);
    return out;
}

bool is_enabled(const lpa::profile& one)
{
    return one.state == lpa::profile_state::enabled;
}

/// The ICCIDs on the card of eSIMs that count: what was replaced counts only if nothing came in
/// its place.
std::vector<iccid> iccids_on_card(const situation& now, bool with_replaced)
{
    std::vector<iccid> out;
    for (const lpa::profile& each : now.card->profiles) {
        const gigastore::esim* known = find_esim(*now.customer, each.iccid);
        bool counts = known != nullptr && (known->is_active || with_replaced);
        if (counts)
            out.push_back(each.iccid);
    }
    return out;
}

/// Which eSIM it is to be. Several on the card are no question: the one we know, or that is
/// enabled, stays.
result<const gigastore::esim*> choose_target(const situation& now)
{
    const auto& related = now.customer->related_esims;
    if (!now.want.named.empty())
        return gigastore::choose(related, now.want.named);
    auto present = iccids_on_card(now, false);
    for (const iccid& each : present) {
        const lpa::profile* there = esim::find_profile(now.card->profiles, each);
        bool is_ours = each == now.past.iccid;
        bool is_unusable = each == now.past.unusable_iccid;
        if (!is_unusable && (is_ours || (present.size() > 1 && is_enabled(*there))))
            return find_esim(*now.customer, each);
    }
    auto chosen = gigastore::choose(related, "", present);
    bool is_nothing_new = !chosen && chosen.error() == gigastore::choice_errc::none_installable;
    if (is_nothing_new)
        if (auto old = iccids_on_card(now, true); !old.empty())
            return gigastore::choose(related, "", old);
    return chosen;
}

bool lacks_data(const situation& now, const lpa::profile& of)
{
    return is_enabled(of) && now.allowed.goes_online && !now.online;
}

/// For a profile that is on the card: enabled, registered, everybody told.
next settle(const situation& now, const lpa::profile& target)
{
    const memory& past = now.past;
    bool is_unusable = past.unusable_iccid == target.iccid;
    if (is_unusable) {
        failure why(errc::not_registered);
        const lpa::profile* before = esim::find_profile(now.card->profiles, past.working_iccid);
        bool can_fall_back = now.allowed.falls_back && before != nullptr && !is_enabled(*before);
        if (can_fall_back)
            return make(step::fall_back, before->iccid,
                "the new profile does not register; back to the one that worked");
        if (before != nullptr && lacks_data(now, *before) && !now.has_tried_online)
            return make(step::go_online, before->iccid, "waiting for data, by the old profile");
        return rest_with(
            why, "profile " + target.iccid.text() + " does not register; not tried again", false);
    }
    if (now.refused)
        return rest_with(*now.refused, "the card does not allow it", false);
    if (!is_enabled(target) && now.allowed.enables)
        return make(step::enable, target.iccid, "enabling the profile");
    bool is_registered = now.network && now.network->is_registered();
    bool is_offline = is_enabled(target) && now.allowed.controls_modem && !is_registered;
    if (is_offline && now.has_tried_network)
        return rest_with(errc::not_registered, "installed and enabled, but not on a network", true);
    if (is_offline)
        return make(step::await_registration, target.iccid, "waiting for the network");
    if (lacks_data(now, target) && now.has_tried_online)
        return rest_with(errc::not_online, "installed and enabled, but without data", true);
    if (lacks_data(now, target))
        return make(step::go_online, target.iccid, "waiting for data");
    return rest(is_enabled(target) ? "installed and enabled" : "installed, not enabled");
}

/// What Gigastore's word adds, once the card is right.
next check_with_gigastore(const situation& now, const gigastore::esim& target, next settled)
{
    if (settled.what == step::rest)
        settled.iccid = target.iccid;
    if (settled.what != step::rest || settled.trouble)
        return settled;
    if (now.allowed.deletes_replaced)
        for (const lpa::profile& each : now.card->profiles) {
            const gigastore::esim* old = find_esim(*now.customer, each.iccid);
            bool is_replaced = old != nullptr && !old->is_active && !is_enabled(each)
                               && !(each.iccid == target.iccid);
            if (is_replaced)
                return make(step::remove_replaced, each.iccid, "deleting the replaced profile");
        }
    if (now.card->notifications > 0) {
        settled.reason += "; its SM-DP+ has still to be told";
        settled.is_pending = true;
    } else if (target.state == gigastore::esim_state::released) {
        settled.reason += "; Gigastore does not show that yet";
        settled.is_pending = true;
    }
    return settled;
}

next fetch(const situation& now, const gigastore::esim& target)
{
    const memory& past = now.past;
    std::string digest = code_digest_of(target);
    bool was_refused = !past.refused.code_digest.empty() && past.refused.code_digest == digest;
    if (was_refused) {
        next out = rest_with(past.refused.why(), past.refused.words, false);
        out.is_told = true;
        return out;
    }
    bool is_ours = past.iccid == target.iccid;
    if (is_ours && past.installations >= most_installations) {
        failure why(errc::often_lost);
        return rest_with(why,
            "profile " + target.iccid.text() + " was installed here "
                + std::to_string(past.installations) + " times, and is gone again",
            false);
    }
    if (target.state == gigastore::esim_state::installed && target.activation_code.empty())
        return rest_with(failure(gigastore::choice_errc::none_installable),
            "the eSIM is installed elsewhere", true);
    return make(step::download, target.iccid, "installing the eSIM");
}

/// Without an order: what an earlier one has left on the card is told to its server; and orders
/// from afar come only once the card's EID is known.
next end_what_was_begun(const situation& now)
{
    bool is_unnamed = now.allowed.takes_remote_orders && now.past.eid.empty();
    if (now.allowed.has_card && (now.past.is_begun() || is_unnamed) && !now.card)
        return make(step::look_at_card, now.past.iccid, "looking at the card");
    return rest(now.allowed.takes_remote_orders
                    ? "no customer is named yet: an order from afar is awaited"
                    : "no customer is named: configure one, or drop a provisioning file");
}

next decide(const situation& now)
{
    if (now.want.customer_uid.empty())
        return end_what_was_begun(now);
    if (!now.allowed.has_card)
        return rest("no modem or card reader is configured");
    if (!now.card)
        return make(step::look_at_card, now.past.iccid, "looking at the card");
    // What was begun is brought to its end also without Gigastore: this very profile may be the
    // device's only way to the network.
    const iccid& ours = now.past.iccid;
    const lpa::profile* begun = esim::find_profile(now.card->profiles, ours);
    if (begun != nullptr && !now.customer && !now.past.holds_ours()) {
        next settled = settle(now, *begun);
        bool is_local = settled.what == step::enable || settled.what == step::await_registration
                        || settled.what == step::go_online || settled.what == step::fall_back;
        if (is_local)
            return settled;
    }
    if (!now.customer)
        return make(step::ask_gigastore, ours, "asking Gigastore for the customer");
    auto target = choose_target(now);
    if (!target) {
        bool may_come = target.error() == gigastore::choice_errc::none_installable
                        || target.error() == gigastore::choice_errc::none_named;
        return rest_with(target.error(), target.error().message(), may_come);
    }
    if (!now.past.held_iccid.empty() && (*target)->iccid == now.past.held_iccid)
        return rest("profile " + (*target)->iccid.text()
                    + " was disabled or deleted by hand; a new order takes it up again");
    const lpa::profile* there = esim::find_profile(now.card->profiles, (*target)->iccid);
    if (there == nullptr)
        return fetch(now, **target);
    return check_with_gigastore(now, **target, settle(now, *there));
}

}  // namespace

const gigastore::esim* find_esim(const gigastore::customer& who, const iccid& which)
{
    auto found = std::ranges::find(who.related_esims, which, &gigastore::esim::iccid);
    return which.empty() || found == who.related_esims.end() ? nullptr : &*found;
}

std::string code_digest_of(const gigastore::esim& one)
{
    auto code = activation_code::parse(one.activation_code);
    return code ? lpa::digest_of(*code) : std::string();
}

next next_step(const situation& now)
{
    next out = decide(now);
    bool is_owed = out.what == step::rest && now.card && now.card->notifications > 0;
    // Whatever is wanted by now, or nothing: what the card has done is told.
    if (is_owed && !now.has_tried_notifications)
        return make(step::notify, {}, "telling the SM-DP+");
    out.is_pending = out.is_pending || is_owed;
    return out;
}

}  // namespace agent::provision
