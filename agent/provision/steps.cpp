#include "agent/provision/steps.hpp"

#include "agent/base/redact.hpp"
#include "agent/esim/card_session.hpp"
#include "agent/esim/fetch_order.hpp"
#include "agent/esim/set_profile_state.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/advice.hpp"
#include "agent/provision/error.hpp"
#include "agent/provision/headless_dialogue.hpp"
#include "platform/clock.hpp"
#include "platform/uplink.hpp"

#include <algorithm>
#include <memory>

namespace agent::provision {
namespace {

using report::stage;

/// True if the same code must not be tried again by itself.
bool is_final(const failure& why)
{
    failure_class kind = why.kind();
    return kind == failure_class::refused || kind == failure_class::forbidden
           || kind == failure_class::confirmation || why == lpa::errc::no_memory;
}

task<void> nothing()
{
    co_return result<void>();
}

/// Does `work` with the open card, unless somebody who had it meanwhile may have changed what was
/// decided.
task<void> with_card(step_context& with, std::string use, std::function<task<void>()> work)
{
    bool is_cut_off = with.on.modem != nullptr && with.on.modem->is_interrupted_by_card();
    if (is_cut_off) {
        with.now.network.reset();
        with.now.online.reset();
    }
    auto unless_outdated = [&with, work = std::move(work)] {
        return with.is_outdated() ? nothing() : work();
    };
    return esim::card_session<void>(*with.on.card.installer, with.on.gate, std::move(use),
        gate_limit, with.on.log, std::move(unless_outdated));
}

std::int64_t seconds_now()
{
    return platform::unix_seconds(platform::read_clock().system);
}

/// `past` is of the card that was there last.
task<void> read_into(esim::installer& card, std::shared_ptr<card_view> view, memory& past)
{
    auto eid = co_await card.eid();
    if (!eid)
        co_return eid.error();
    view->eid = std::move(*eid);
    auto profiles = co_await card.profiles();
    if (!profiles)
        co_return profiles.error();
    view->profiles = std::move(*profiles);
    auto waiting = co_await card.notifications();
    if (!waiting)
        co_return waiting.error();
    if (past.eid != view->eid)
        past.stuck.clear();
    forget_gone(past.stuck, *waiting);
    view->notifications = std::ranges::count_if(*waiting, [&](const lpa::notification& each) {
        return !is_set_aside(past.stuck, each, seconds_now());
    });
    auto imei = co_await card.imei();
    if (imei)
        view->imei = std::move(*imei);
    co_return result<void>();
}

task<void> look_at_card(step_context& with)
{
    auto view = std::make_shared<card_view>();
    auto look = [&with, view] { return read_into(*with.on.card.installer, view, with.now.past); };
    auto done = co_await with_card(with, "looking at it", look);
    if (!done)
        co_return done.error();
    if (with.is_outdated())
        co_return result<void>();  // looked too early
    with.now.past.eid = view->eid;
    with.now.imei = view->imei;
    with.now.card = std::move(*view);
    // Which port the card is behind may be known only now.
    with.now.allowed.controls_modem = with.on.modem != nullptr && with.on.modem->is_there();
    co_return result<void>();
}

result<void> check_uplink(const step_settings& settings)
{
    auto found = platform::find_uplink(settings.gigastore_host, settings.modem_interface);
    if (found == platform::uplink::none)
        return failure(errc::no_uplink, "no route leads out of this device");
    return {};
}

/// An uplink that stays while the modem's profile is changed.
result<void> check_way_around_modem(const step_settings& settings)
{
    if (auto some = check_uplink(settings); !some)
        return some.error();
    auto found = platform::find_uplink(settings.gigastore_host, settings.modem_interface);
    if (found == platform::uplink::only_modem)
        return failure(errc::no_uplink, "the only way out is " + settings.modem_interface
                                            + ", the modem whose profile is to be changed");
    return {};
}

task<void> ask_gigastore(step_context& with)
{
    auto uplink = check_uplink(with.settings);
    if (!uplink)
        co_return uplink.error();
    std::string uid = with.now.want.customer_uid;
    auto who = co_await with.on.api.customer(uid);
    if (!who)
        co_return who.error();
    bool is_another = uid != with.now.want.customer_uid;  // ordered meanwhile
    if (is_another)
        co_return result<void>();
    with.now.customer = std::move(*who);
    const gigastore::esim* ours = find_esim(*with.now.customer, with.now.past.iccid);
    with.shown.esim_state = ours != nullptr ? ours->state_text : std::string();
    with.shown.balance = balance_of(*with.now.customer, platform::read_clock().system);
    with.reports.announce_balance(uid, with.shown.balance, with.settings.notice);
    co_return result<void>();
}

task<void> load_profile(step_context& with, iccid which,
    std::shared_ptr<headless_dialogue> dialogue, activation_code code)
{
    int occurrence = with.now.past.occurrence;  // another one, if another order comes meanwhile
    esim::install_order order;
    order.code = std::move(code);
    auto profiles = co_await with.on.card.installer->profiles();
    if (!profiles)
        co_return profiles.error();
    order.on_card = std::move(*profiles);
    auto loading = with.on.card.installer->install(std::move(order), *dialogue);
    auto loaded = co_await std::move(loading);
    if (!loaded)
        co_return loaded.error();
    if (with.now.past.occurrence != occurrence)
        co_return result<void>();  // it is told as superseded
    failure another(errc::wrong_profile,
        "it installed " + loaded->metadata.iccid.text() + ", Gigastore named " + which.text());
    if (!(loaded->metadata.iccid == which))
        co_return another;
    ++with.now.past.installations;
    ++with.shown.installations;
    with.reports.save();
    co_return result<void>();
}

void remember_refusal(step_context& with, const activation_code& code, const failure& why)
{
    refusal& refused = with.now.past.refused;
    refused.code_digest = lpa::digest_of(code);
    refused.kind = why.kind();
    refused.name = why.name();
    refused.words = words_of(why);
    refused.advice = advice_of(why);
    with.reports.announce_failure(why);
    with.on.log.error("the eSIM is not installed: " + refused.words + " " + refused.advice);
    with.reports.save();
}

task<void> download(step_context& with, iccid which)
{
    auto uplink = check_way_around_modem(with.settings);
    if (!uplink)
        co_return uplink.error();
    const gigastore::esim* target = find_esim(*with.now.customer, which);
    failure gone(net::errc::malformed_answer, "Gigastore gave no eSIM of that ICCID");
    if (target == nullptr)
        co_return gone;
    auto order = esim::order_of(*with.now.customer, *target);
    if (!order)
        co_return order.error();
    with.reports.announce(stage::fetched);
    with.reports.announce(stage::downloading);
    int occurrence = with.now.past.occurrence;
    auto dialogue =
        std::make_shared<headless_dialogue>(which, with.now.want.confirmation_code, with.show);
    auto load = [&with, which, dialogue, code = *order->code] {
        return load_profile(with, which, dialogue, code);
    };
    auto done = co_await with_card(with, "installing an eSIM", load);
    with.now.card.reset();
    if (!done && is_final(done.error()) && with.now.past.occurrence == occurrence) {
        remember_refusal(with, *order->code, done.error());
        co_return result<void>();  // said; the next step is to rest
    }
    co_return done;
}

/// What the card forbids is no failure that passes: it is remembered until the next look.
result<void> unless_forbidden(step_context& with, result<void> done)
{
    bool is_forbidden = !done
                        && (done.error().kind() == failure_class::refused
                            || done.error().kind() == failure_class::forbidden);
    if (!is_forbidden)
        return done;
    with.now.refused = done.error();
    return {};  // the next step is to rest, and say so
}

task<void> enable(step_context& with, iccid which)
{
    const auto& profiles = with.now.card->profiles;
    auto before = std::ranges::find(profiles, lpa::profile_state::enabled, &lpa::profile::state);
    bool has_another = before != profiles.end() && !(before->iccid == which);
    if (has_another) {
        with.now.past.working_iccid = before->iccid;  // what to go back to
        with.reports.save();
    }
    auto done = co_await enable_on_card(with, std::move(which), "enabling a profile");
    with.now.network.reset();
    with.now.online.reset();
    co_return unless_forbidden(with, done);
}

task<void> send_pending(step_context& with)
{
    std::vector<stuck_notification>& stuck = with.now.past.stuck;
    std::function<bool(const lpa::notification&)> is_left_out =
        [&stuck](const lpa::notification& one) { return is_set_aside(stuck, one, seconds_now()); };
    auto sending = with.on.card.installer->send_notifications(is_left_out);
    auto sent = co_await std::move(sending);
    if (!sent)
        co_return sent.error();
    if (platform::read_clock().is_plausible())
        stuck = stuck_after(stuck, *sent, seconds_now());
    std::size_t left = 0;
    for (const lpa::delivery& each : *sent) {
        if (!each.why_not)
            continue;
        bool is_given_up = is_left_out(each.about);
        left += is_given_up ? 0 : 1;
        with.on.log.warning((is_given_up ? "a notification is set aside; 'esim-agent notification "
                                           "send' tries it again: "
                                         : "a notification stays on the card: ")
                            + words_of(*each.why_not));
    }
    with.reports.save();
    if (with.now.card)
        with.now.card->notifications = left;
    // Gigastore hears of it through the SM-DP+: what it said before is old.
    if (left < sent->size())
        with.now.customer.reset();
    co_return result<void>();
}

task<void> notify(step_context& with)
{
    with.now.has_tried_notifications = true;
    auto send = [&with] { return send_pending(with); };
    return with_card(with, "telling the SM-DP+", send);
}

task<void> remove_replaced(step_context& with, iccid which)
{
    auto remove_it = [&with, which] { return with.on.card.installer->remove(which); };
    auto done = co_await with_card(with, "deleting a replaced profile", remove_it);
    with.now.card.reset();
    with.now.has_tried_notifications = false;
    co_return unless_forbidden(with, done);
}

}  // namespace

task<void> enable_on_card(step_context& with, iccid which, std::string use)
{
    auto enable_it = [&with, which] { return with.on.card.installer->enable(which); };
    auto done = co_await with_card(with, std::move(use), enable_it);
    with.now.card.reset();
    co_return done;
}

task<void> perform(step_context& with, next what)
{
    switch (what.what) {
    case step::look_at_card: return look_at_card(with);
    case step::ask_gigastore: return ask_gigastore(with);
    case step::download: return download(with, std::move(what.iccid));
    case step::enable: return enable(with, std::move(what.iccid));
    case step::await_registration: return await_registration(with, std::move(what.iccid));
    case step::go_online: return go_online(with, std::move(what.iccid));
    case step::fall_back: return fall_back(with, std::move(what.iccid));
    case step::notify: return notify(with);
    case step::remove_replaced: return remove_replaced(with, std::move(what.iccid));
    case step::rest: break;
    }
    return nothing();
}

}  // namespace agent::provision
