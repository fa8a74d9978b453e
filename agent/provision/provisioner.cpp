#include "agent/provision/provisioner.hpp"

#include "agent/base/redact.hpp"
#include "agent/esim/find_profile.hpp"
#include "agent/net/retry.hpp"
#include "agent/provision/advice.hpp"

#include <utility>

namespace agent::provision {
namespace {

/// Whether the eSIM of this step is the one that is to be installed, and kept.
bool is_about_target(step what)
{
    switch (what) {
    case step::download:
    case step::enable:
    case step::await_registration:
    case step::notify:
    case step::rest: return true;
    case step::look_at_card:
    case step::ask_gigastore:
    case step::go_online:  // also of the profile that was fallen back to
    case step::fall_back:
    case step::remove_replaced: break;
    }
    return false;
}

}  // namespace

provisioner::provisioner(
    provisioner_settings settings, device on, report::outbox& outbox, const memory_file& file)
    : settings_(std::move(settings))
    , on_(on)
    , reports_(situation_, file, outbox, on.log)
    , schedule_(settings_.pace)
{
    situation_.allowed = settings_.allowed;
    reports_.on_change([this] { publish(); });
}

result<void> provisioner::load()
{
    auto kept = reports_.load();
    if (!kept)
        return kept.error();
    memory& past = situation_.past;
    if (past.memory_id.empty()) {
        // A new memory: what it reports must not be taken for what the old one has reported.
        past.memory_id = std::to_string(static_cast<std::uint64_t>(net::random_fraction() * 1e15));
        reports_.save();
    }
    settle_wanted();
    return {};
}

asio::awaitable<void> provisioner::run()
{
    while (true) {
        auto one = step_once();
        co_await std::move(one);
    }
}

asio::awaitable<void> provisioner::step_once()
{
    take_provisioning_files();
    settle_wanted();
    is_outdated_ = false;
    next what = next_step(situation_);
    bool is_another =
        is_about_target(what.what) && !what.iccid.empty() && !(what.iccid == situation_.past.iccid);
    if (is_another)
        reports_.begin_occurrence(what.iccid);
    return what.what == step::rest ? rest(std::move(what)) : take_step(std::move(what));
}

step_context provisioner::context()
{
    return {.settings = settings_.steps,
        .on = on_,
        .now = situation_,
        .shown = status_,
        .reports = reports_,
        .show = [this](
                    const std::string& doing, std::optional<int> percent) { show(doing, percent); },
        .is_outdated = [this] { return is_outdated_; }};
}

asio::awaitable<void> provisioner::take_step(next what)
{
    ++status_.steps;
    show(what.reason);
    int occurrence = situation_.past.occurrence;
    step_context with = context();
    auto performing = perform(with, what);
    auto done = co_await std::move(performing);
    if (is_outdated_)
        forget_views();  // it may be about what nobody wants any more
    if (done) {
        schedule_.succeeded(what.what);
        announce_what_is();
        co_return;
    }
    on_.log.warning(what.reason + ": " + words_of(done.error()));
    bool was_replaced = occurrence != situation_.past.occurrence;
    if (was_replaced)
        co_return;  // it is no failure of the order that came meanwhile
    reports_.announce_failure(done.error());
    const platform::failure_cause* cause = done.error().cause();
    auto retry_after = cause == nullptr ? std::chrono::seconds(0) : cause->retry_after;
    auto time =
        schedule_.failed(what.what, done.error().kind(), net::random_fraction(), retry_after);
    show_trouble(done.error());
    // Whatever was known may have changed with the failure; only what is no news is kept.
    if (what.what != step::ask_gigastore)
        situation_.card.reset();
    else
        forget_network();  // the modem may be the only way there
    co_await wait(time);
}

asio::awaitable<void> provisioner::rest(next why)
{
    announce_what_is();
    bool is_idle =
        !why.is_pending && (situation_.want.customer_uid.empty() || !settings_.allowed.has_card);
    if (!why.trouble && !is_idle)
        reports_.forget_failures();
    bool is_there = !why.trouble && !why.iccid.empty();
    if (is_there)
        forget_confirmation_code();
    if (why.trouble && !why.is_told)
        reports_.announce_failure(*why.trouble);
    status_.trouble = why.trouble ? why.trouble->name() : std::string();
    status_.advice = why.trouble ? advice_of(*why.trouble) : std::string();
    // Whoever needs a code asks Gigastore again: it is in no memory while nothing is installed.
    if (situation_.customer)
        gigastore::forget_codes(*situation_.customer);
    auto time = schedule_.rested(why.is_pending, net::random_fraction());
    show(why.reason);
    if (is_idle)
        co_await wake_.until_called();
    else
        co_await wait(time);
    forget_views();
}

asio::awaitable<void> provisioner::wait(std::chrono::milliseconds time)
{
    status_.next_at = platform::read_clock().system + time;
    publish();
    if (!is_outdated_)
        co_await wake_.until_called(time);
    status_.next_at.reset();
}

void provisioner::forget_views()
{
    situation_.card.reset();
    situation_.customer.reset();
    situation_.has_tried_notifications = false;
    forget_network();
    situation_.refused.reset();
}

void provisioner::forget_network()
{
    situation_.network.reset();
    situation_.has_tried_network = false;
    situation_.online.reset();
    situation_.has_tried_online = false;
}

void provisioner::look_again()
{
    forget_views();
    is_outdated_ = true;
    schedule_.hurry();
    wake_.all();
}

void provisioner::take_over_what_was_done_by_hand()
{
    memory& past = situation_.past;
    bool can_tell = situation_.card && !past.iccid.empty();
    if (!can_tell || !std::exchange(was_lent_, false))
        return;
    const lpa::profile* there = esim::find_profile(situation_.card->profiles, past.iccid);
    bool is_enabled = there != nullptr && there->state == lpa::profile_state::enabled;
    bool was_undone = there == nullptr ? past.has_reported(report::stage::installed)
                                       : !is_enabled && past.has_reported(report::stage::enabled);
    if (was_undone)
        past.held_iccid = past.iccid;
    else if (is_enabled && past.holds_ours())
        past.held_iccid = iccid();
    reports_.save();
}

void provisioner::announce_what_is()
{
    take_over_what_was_done_by_hand();
    reports_.announce_what_is();
}

void provisioner::show(const std::string& doing, std::optional<int> percent)
{
    bool is_new = doing != status_.doing;
    status_.doing = doing;
    status_.percent = percent;
    if (is_new)
        on_.log.info(doing);
    publish();
}

void provisioner::show_trouble(const failure& why)
{
    status_.trouble = why.name();
    status_.advice = advice_of(why);
    status_.doing = words_of(why);  // in the log already
    show(status_.doing);
}

void provisioner::publish()
{
    const memory& past = situation_.past;
    status_.customer_uid = situation_.want.customer_uid;
    status_.iccid = past.iccid;
    status_.stage = past.stage();
    if (reports_.is_saved())
        status_.desired_version = version_taken();
    status_.named = situation_.want.named;
    status_.eid = past.eid;
    status_.modem = situation_.imei;
    status_.network = situation_.network;
    status_.online = situation_.online;
    status_.is_online_known = situation_.online || situation_.has_tried_online;
    status_.failures = schedule_.failures();
    status_.is_clock_plausible = platform::read_clock().is_plausible();
    status_.is_state_saved = reports_.is_saved();
    on_change_();
}

}  // namespace agent::provision
