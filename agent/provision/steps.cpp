// The provisioner's steps: what each does with card, modem and servers.
#include "agent/base/activation_code.hpp"
#include "agent/base/iccid.hpp"
#include "agent/lpa/error.hpp"
#include "agent/lpa/notifications.hpp"
#include "agent/lpa/open_card.hpp"
#include "agent/meaning.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/advice.hpp"
#include "agent/provision/error.hpp"
#include "agent/provision/headless_dialogue.hpp"
#include "agent/provision/provisioner.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

/// Others may hold the card for a whole installation.
constexpr std::chrono::minutes gate_limit{30};
constexpr std::chrono::seconds registration_pause{2};

/// True if the same code must not be tried again by itself.
bool is_final(const failure& why)
{
    int status = meaning_of(why.code()).exit_status;
    return status == exit_refused || status == exit_confirmation || why == lpa::errc::no_memory;
}

task<void> read_into(lpa::euicc& card, std::shared_ptr<card_view> view)
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
    view->notifications = waiting->size();
    auto imei = co_await card.card().channel().imei();
    if (imei)
        view->imei = std::move(*imei);
    co_return result<void>();
}

}  // namespace

task<void> provisioner::open_and(std::function<task<void>()> work)
{
    auto opened = co_await with_.card->open();
    if (!opened)
        co_return opened.error();
    auto done = co_await work();
    co_return done;
}

task<void> provisioner::with_card(std::string use, std::function<task<void>()> work)
{
    auto lease = co_await with_.gate.take(use, gate_limit);
    if (!lease)
        co_return lease.error();
    if (is_stale_)
        co_return result<void>();  // who had the card meanwhile may have changed what was decided
    auto working = lpa::closing_card(*with_.card, with_.log, open_and(std::move(work)));
    co_return co_await std::move(working);
}

task<void> provisioner::with_modem(std::string use, std::function<task<void>()> work)
{
    auto lease = co_await with_.gate.take(use, gate_limit);
    if (!lease)
        co_return lease.error();
    auto opened = co_await with_.modem->open();
    result<void> done = opened;
    if (opened)
        done = co_await work();
    with_.modem->close();
    co_return done;
}

task<void> provisioner::perform(next what)
{
    switch (what.what) {
    case step::look_at_card: return look_at_card();
    case step::ask_gigastore: return ask_gigastore();
    case step::download: return download(what.iccid);
    case step::enable: return enable(what.iccid);
    case step::await_registration: return await_registration(what.iccid);
    case step::fall_back: return fall_back(what.iccid);
    case step::remove_replaced: return remove_replaced(what.iccid);
    case step::notify:
    case step::rest: break;  // nothing is performed to rest: run() does that
    }
    return notify();
}

task<void> provisioner::look_at_card()
{
    auto view = std::make_shared<card_view>();
    auto look = [this, view] { return read_into(*with_.card, view); };
    auto done = co_await with_card("looking at it", look);
    if (!done)
        co_return done.error();
    if (is_stale_)
        co_return result<void>();  // looked too early
    situation_.past.eid = view->eid;
    status_.eid = view->eid;
    status_.modem = view->imei;
    situation_.card = std::move(*view);
    co_return result<void>();
}

task<void> provisioner::ask_gigastore()
{
    auto uplink = check_uplink();
    if (!uplink)
        co_return uplink.error();
    std::string uid = situation_.want.customer_uid;
    auto who = co_await with_.api.customer(uid);
    if (!who)
        co_return who.error();
    bool is_another = uid != situation_.want.customer_uid;  // ordered meanwhile
    if (is_another)
        co_return result<void>();
    situation_.customer = std::move(*who);
    const gigastore::esim* ours = find_esim(*situation_.customer, situation_.past.iccid);
    status_.esim_state = ours != nullptr ? ours->state_text : std::string();
    report_balance();
    co_return result<void>();
}

task<void> provisioner::download(std::string iccid)
{
    auto uplink = check_way_around_modem();
    if (!uplink)
        co_return uplink.error();
    const gigastore::esim* target = find_esim(*situation_.customer, iccid);
    failure gone(net::errc::malformed_answer, "Gigastore gave no eSIM of that ICCID");
    if (target == nullptr)
        co_return gone;
    auto code = activation_code::parse(target->activation_code);
    if (!code)
        co_return failure(net::errc::malformed_answer, code.error().detail());
    std::string digest = lpa::digest_of(*code);
    announce("fetched");
    announce("downloading");
    auto show_progress = [this](const char* doing, int percent) { show(doing, percent); };
    auto dialogue = std::make_shared<headless_dialogue>(
        iccid, situation_.want.confirmation_code, show_progress);
    auto load = [this, dialogue, given = *code] { return load_profile(*dialogue, given); };
    auto done = co_await with_card("installing an eSIM", load);
    situation_.card.reset();
    if (done)
        co_return result<void>();
    if (is_final(done.error())) {
        meaning known = meaning_of(done.error().code());
        refusal& refused = situation_.past.refused;
        refused.code_digest = digest;
        refused.name = known.name;
        refused.words = words_of(done.error());
        refused.advice = advice_of(known);
        announce_failure(done.error());
        with_.log.error("the eSIM is not installed: " + refused.words + " " + refused.advice);
        save();
        co_return result<void>();  // said; the next step is to rest
    }
    co_return done.error();
}

task<void> provisioner::load_profile(headless_dialogue& dialogue, activation_code code)
{
    lpa::download_order order;
    order.code = std::move(code);
    auto on_card = co_await with_.card->profiles();
    if (!on_card)
        co_return on_card.error();
    order.on_card = std::move(*on_card);
    auto info = co_await with_.card->basic_info();
    if (!info)
        co_return info.error();
    order.card = std::move(*info);
    auto servers = with_.servers->for_card(order.card);
    if (!servers)
        co_return servers.error();
    auto loading = lpa::download(
        *with_.card, **servers, std::move(order), dialogue, *with_.journal, with_.log);
    auto loaded = co_await std::move(loading);
    if (!loaded)
        co_return loaded.error();
    ++situation_.past.installations;
    ++status_.installations;
    save();
    co_return result<void>();
}

task<void> provisioner::enable(std::string iccid)
{
    const auto& profiles = situation_.card->profiles;
    auto before = std::ranges::find(profiles, lpa::profile_state::enabled, &lpa::profile::state);
    bool has_another = before != profiles.end() && !same_iccid(before->iccid, iccid);
    if (has_another) {
        situation_.past.working_iccid = before->iccid;  // what to go back to
        save();
    }
    auto enable_it = [this, iccid] { return with_.card->enable(iccid); };
    auto done = co_await with_card("enabling a profile", enable_it);
    situation_.card.reset();
    situation_.network.reset();
    co_return unless_forbidden(done);
}

result<void> provisioner::unless_forbidden(result<void> done)
{
    bool is_forbidden = !done && meaning_of(done.error().code()).exit_status == exit_refused;
    if (!is_forbidden)
        return done;
    situation_.refused = done.error();
    return {};  // the next step is to rest, and say so
}

task<void> provisioner::query_modem(std::string iccid, bool& is_refreshed)
{
    auto has = co_await with_.modem->iccid();
    if (!has)
        co_return has.error();
    // Some modems do not tell what card they have: once they have read it anew, they are believed.
    bool is_right = same_iccid(*has, iccid) || (has->empty() && is_refreshed);
    if (!is_right && !is_refreshed) {
        show("the modem reads its card anew");
        is_refreshed = true;
        auto refreshed = co_await with_.modem->refresh();
        co_return refreshed;
    }
    auto registered = co_await with_.modem->registration();
    if (!registered)
        co_return registered.error();
    if (!is_right)
        registered->state = platform::registration_state::unknown;
    situation_.network = *registered;
    co_return result<void>();
}

task<void> provisioner::await_network(std::string iccid)
{
    auto end = std::chrono::steady_clock::now() + settings_.registration_limit;
    bool is_refreshed = false;
    while (std::chrono::steady_clock::now() < end) {
        // The modem is free for others in between.
        auto query = [this, iccid, &is_refreshed] { return query_modem(iccid, is_refreshed); };
        auto asked = co_await with_modem("asking the modem", query);
        if (!asked)
            co_return asked.error();
        if (is_stale_)
            co_return result<void>();
        if (!situation_.network)
            continue;
        if (situation_.network->is_registered())
            co_return result<void>();
        show(std::string("waiting for the network: ") + name_of(situation_.network->state));
        co_await platform::pause(registration_pause);
    }
    std::string last = situation_.network ? name_of(situation_.network->state) : "unknown";
    auto seconds = std::to_string(settings_.registration_limit.count());
    co_return failure(
        errc::not_registered, "the modem says '" + last + "' after " + seconds + " s");
}

task<void> provisioner::await_registration(std::string iccid)
{
    const std::string& before = situation_.past.working_iccid;
    bool can_fall_back = settings_.allowed.falls_back && !before.empty()
                         && !same_iccid(before, iccid)
                         && find_on_card(*situation_.card, before) != nullptr;
    situation_.network.reset();
    auto done = co_await await_network(iccid);
    bool is_offline = !done && done.error() == errc::not_registered;
    if (!is_offline)
        co_return done;
    announce_failure(done.error());
    situation_.has_tried_network = true;
    if (can_fall_back)
        situation_.past.unusable_iccid = iccid;
    save();
    co_return result<void>();  // the next step is to fall back, or to wait for better times
}

task<void> provisioner::fall_back(std::string iccid)
{
    auto enable_it = [this, iccid] { return with_.card->enable(iccid); };
    auto done = co_await with_card("enabling the profile that worked", enable_it);
    situation_.card.reset();
    if (!done)
        co_return done.error();
    if (with_.modem != nullptr) {
        situation_.network.reset();
        auto registered = co_await await_network(iccid);
        if (!registered)
            with_.log.warning("back on the old profile: " + words_of(registered.error()));
    }
    co_return result<void>();
}

task<void> provisioner::notify()
{
    situation_.has_tried_notifications = true;
    auto send = [this] { return send_notifications(); };
    auto done = co_await with_card("telling the SM-DP+", send);
    co_return done;
}

task<void> provisioner::send_notifications()
{
    auto info = co_await with_.card->basic_info();
    if (!info)
        co_return info.error();
    auto servers = with_.servers->for_card(*info);
    if (!servers)
        co_return servers.error();
    auto sent = co_await lpa::deliver_notifications(*with_.card, **servers);
    if (!sent)
        co_return sent.error();
    std::size_t left = 0;
    for (const lpa::delivery& each : *sent) {
        if (!each.why_not)
            continue;
        ++left;
        with_.log.warning("a notification stays on the card: " + words_of(*each.why_not));
    }
    if (situation_.card)
        situation_.card->notifications = left;
    // Gigastore hears of it through the SM-DP+: what it said before is old.
    if (left < sent->size())
        situation_.customer.reset();
    co_return result<void>();
}

task<void> provisioner::remove_replaced(std::string iccid)
{
    auto remove_it = [this, iccid] { return with_.card->remove(iccid); };
    auto done = co_await with_card("deleting a replaced profile", remove_it);
    situation_.card.reset();
    situation_.has_tried_notifications = false;
    co_return unless_forbidden(done);
}

}  // namespace agent::provision
