#include "agent/provision/provisioner.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/iccid.hpp"
#include "agent/lpa/error.hpp"
#include "agent/meaning.hpp"
#include "agent/net/retry.hpp"
#include "agent/provision/advice.hpp"
#include "agent/provision/error.hpp"
#include "platform/storage.hpp"
#include "platform/uplink.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

/// Whether a failure is told apart from others, and how soon another try makes sense.
net::backoff backoff_for(const meaning& known)
{
    net::backoff out;
    out.first = std::chrono::seconds(5);
    out.longest =
        known.exit_status == exit_card ? std::chrono::minutes(5) : std::chrono::minutes(15);
    return out;
}

bool is_about(step what)
{
    return what == step::download || what == step::enable || what == step::await_registration
           || what == step::notify || what == step::rest;
}

}  // namespace

provisioner::provisioner(provisioner_settings settings, provisioner_parts with)
    : settings_(std::move(settings)), with_(with)
{
    situation_.allowed = settings_.allowed;
    situation_.past = with_.file.load();
    memory& past = situation_.past;
    if (past.series.empty()) {
        // A new memory: what it reports must not be taken for what the old one has reported.
        past.series = std::to_string(static_cast<std::uint64_t>(net::random_fraction() * 1e15));
        save();
    }
    status_.eid = past.eid;
    status_.iccid = past.iccid;
    status_.stage = past.stage();
    settle_wanted();
}

asio::awaitable<void> provisioner::run()
{
    while (true) {
        take_provisioning_files();
        settle_wanted();
        is_stale_ = false;
        next what = next_step(situation_);
        bool is_another = is_about(what.what) && !what.iccid.empty()
                          && !same_iccid(what.iccid, situation_.past.iccid);
        if (is_another)
            begin_occasion(what.iccid);
        if (what.what == step::rest) {
            co_await rest(std::move(what));
            continue;
        }
        ++status_.steps;
        show(what.reason);
        auto done = co_await perform(what);
        bool is_out_of_date = is_stale_;
        if (is_out_of_date)
            forget_views();  // it may be about what nobody wants any more
        if (done && failing_ == what.what) {
            failing_.reset();
            failures_ = 0;
        }
        if (done) {
            report_what_is();
            continue;
        }
        if (failing_ != what.what)
            failures_ = 0;
        failing_ = what.what;
        with_.log.warning(what.reason + ": " + words_of(done.error()));
        announce_failure(done.error());
        auto time = delay_after_failure(done.error());
        // Whatever was known may have changed with the failure; only what is no news is kept.
        if (what.what != step::ask_gigastore)
            situation_.card.reset();
        co_await wait(time);
    }
}

asio::awaitable<void> provisioner::wait(std::chrono::milliseconds time)
{
    status_.next_at = platform::read_clock().system + time;
    on_change_();
    if (!is_stale_)
        co_await wake_.until_called(time);
    status_.next_at.reset();
}

asio::awaitable<void> provisioner::rest(next why)
{
    report_what_is();
    bool is_idle = situation_.want.customer_uid.empty() || !settings_.allowed.has_card;
    status_.trouble.clear();
    status_.advice.clear();
    status_.failures = failures_ = 0;
    failing_.reset();
    if (!why.trouble && !is_idle)
        forget_failures();
    bool is_there = !why.trouble && !why.iccid.empty();
    if (is_there)
        forget_confirmation_code();
    if (why.trouble) {
        const refusal& refused = situation_.past.refused;
        bool was_refused = why.trouble->code() == boost::system::errc::operation_not_permitted;
        meaning known = meaning_of(why.trouble->code());
        status_.trouble = was_refused ? refused.name : known.name;
        status_.advice = was_refused ? refused.advice : advice_of(known);
        if (!was_refused)
            announce_failure(*why.trouble);
    }
    pending_polls_ = why.is_pending ? pending_polls_ + 1 : 0;
    constexpr int patient_polls = 15;
    auto time = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.poll);
    if (why.is_pending) {
        int doublings = std::clamp(pending_polls_ - patient_polls, 0, 20);
        time = std::min(time, std::chrono::milliseconds(settings_.pending_poll) * (1 << doublings));
    }
    // A fleet that was switched on together must not ask together for ever.
    using real_milliseconds = std::chrono::duration<double, std::milli>;
    time = std::chrono::duration_cast<std::chrono::milliseconds>(
        real_milliseconds(time) * (0.9 + 0.2 * net::random_fraction()));
    show(why.reason);
    with_.outbox.save_unsaved();
    if (is_idle)
        co_await wake_.until_called();
    else
        co_await wait(time);
    forget_views();
}

void provisioner::forget_views()
{
    situation_.card.reset();
    situation_.customer.reset();
    situation_.network.reset();
    situation_.has_tried_notifications = false;
    situation_.has_tried_network = false;
    situation_.refused.reset();
}

void provisioner::look_again()
{
    forget_views();
    is_stale_ = true;
    pending_polls_ = 0;
    wake_.all();
}

void provisioner::settle_wanted()
{
    memory& past = situation_.past;
    const wanted& configured = settings_.configured;
    bool is_overridden = !past.order.customer_uid.empty()
                         && past.configured_uid == configured.customer_uid
                         && past.configured_iccid == configured.iccid;
    if (!is_overridden && !past.order.customer_uid.empty()) {
        with_.log.info("the configuration names another customer than the last order: it counts");
        past.order = wanted();
        save();
    }
    situation_.want = is_overridden ? past.order : configured;
    status_.customer_uid = situation_.want.customer_uid;
    bool is_another =
        !situation_.want.customer_uid.empty() && situation_.want.customer_uid != past.customer_uid;
    if (!is_another)
        return;
    // What is known of the eSIM before says nothing about this customer's.
    bool is_first = past.customer_uid.empty();
    past.customer_uid = situation_.want.customer_uid;
    if (is_first)
        return;
    begin_occasion("");
    status_.esim_state.clear();
}

result<void> provisioner::order(wanted what)
{
    memory& past = situation_.past;
    past.order = std::move(what);
    past.configured_uid = settings_.configured.customer_uid;
    past.configured_iccid = settings_.configured.iccid;
    past.refused = refusal();
    past.held_iccid.clear();
    past.unusable_iccid.clear();
    past.installations = 0;
    forget_failures();
    save();
    bool is_kept = status_.is_state_saved;
    settle_wanted();
    status_.doing = "an order was taken";
    look_again();
    if (!is_kept)
        return failure(boost::system::errc::io_error,
            "the order is taken, but the state directory cannot be written: it is lost when the "
            "agent ends");
    return {};
}

void provisioner::forget_confirmation_code()
{
    memory& past = situation_.past;
    if (past.order.confirmation_code.empty())
        return;
    past.order.confirmation_code = platform::secret();
    status_.is_state_saved = with_.file.save_without_trace(past);
    situation_.want = past.order;
}

result<void> provisioner::confirm(platform::secret code)
{
    wanted what = situation_.want;
    what.confirmation_code = std::move(code);
    return order(std::move(what));
}

void provisioner::hold(const std::string& iccid)
{
    situation_.past.held_iccid = iccid;
    save();
    look_again();
}

void provisioner::was_lent()
{
    was_lent_ = true;
    look_again();
}

void provisioner::unhold(const std::string& iccid)
{
    if (same_iccid(situation_.past.held_iccid, iccid))
        situation_.past.held_iccid.clear();
    if (same_iccid(situation_.past.unusable_iccid, iccid))
        situation_.past.unusable_iccid.clear();
    save();
    look_again();
}

void provisioner::take_provisioning_files()
{
    if (settings_.directory.empty())
        return;
    auto files = platform::list_files(settings_.directory, ".xml");
    if (!files) {
        with_.log.warning(files.error().message());
        return;
    }
    status_.provisioning_file.clear();
    for (const std::string& each : *files)
        take_provisioning_file(each);
}

void provisioner::take_provisioning_file(const std::string& file)
{
    auto content = platform::read_regular_file(file);
    std::string digest = file;
    if (content) {
        digest = platform::to_hex(sha256(platform::view_of(*content)));
        platform::wipe(content->data(), content->size());
    }
    auto& taken = situation_.past.taken_files;
    bool is_known = std::ranges::find(taken, digest) != taken.end();
    auto what = content ? read_provisioning_file(file) : result<wanted>(content.error());
    if (!what)
        status_.provisioning_file = words_of(what.error());
    if (!what && is_known)
        return;
    constexpr std::size_t most_taken = 16;
    if (!is_known)
        taken.push_back(digest);
    if (taken.size() > most_taken)
        taken.erase(taken.begin());
    if (!what) {
        with_.log.error("provisioning file not taken: " + status_.provisioning_file);
        save();
        return;
    }
    if (!is_known) {
        with_.log.info("taking the provisioning file " + file);
        if (auto kept = order(std::move(*what)); !kept)
            with_.log.error(words_of(kept.error()));
    }
    // Its code must not lie around. A medium that cannot be written is remembered instead; once
    // the file is gone, the same one may come again.
    auto wiped = platform::wipe_file(file);
    if (wiped) {
        std::erase(taken, digest);
        save();
    } else if (!is_known) {
        with_.log.warning("remove the provisioning file by hand: " + words_of(wiped.error()));
    }
}

bool provisioner::awaits_confirmation() const
{
    return situation_.past.refused.name.starts_with("confirmation_");
}

result<void> provisioner::check_uplink() const
{
    auto found = platform::find_uplink(settings_.gigastore_host, settings_.modem_interface);
    if (found == platform::uplink::none)
        return failure(errc::no_uplink, "no route leads out of this device");
    return {};
}

result<void> provisioner::check_way_around_modem() const
{
    if (auto some = check_uplink(); !some)
        return some.error();
    auto found = platform::find_uplink(settings_.gigastore_host, settings_.modem_interface);
    if (found == platform::uplink::only_modem)
        return failure(errc::no_uplink, "the only way out is " + settings_.modem_interface
                                            + ", the modem whose profile is to be changed");
    return {};
}

std::chrono::milliseconds provisioner::delay_after_failure(const failure& why)
{
    meaning known = meaning_of(why.code());
    status_.failures = ++failures_;
    show_trouble(why);
    // What only a person can mend is looked at again when all the rest is.
    bool needs_somebody = known.exit_status == exit_credentials || known.exit_status == exit_usage;
    if (needs_somebody)
        return settings_.poll;
    auto policy = backoff_for(known);
    if (known.exit_status == exit_not_found)
        policy.first = settings_.pending_poll;
    return net::delay_after(failures_, policy, net::random_fraction());
}

void provisioner::show(const std::string& doing, std::optional<int> percent)
{
    bool is_new = doing != status_.doing;
    status_.doing = doing;
    status_.percent = percent;
    status_.is_clock_plausible = platform::read_clock().is_plausible();
    status_.network = situation_.network;
    if (is_new)
        with_.log.info(doing);
    on_change_();
}

void provisioner::show_trouble(const failure& why)
{
    meaning known = meaning_of(why.code());
    status_.trouble = known.name;
    status_.advice = advice_of(known);
    status_.doing = words_of(why);  // in the log already
    show(status_.doing);
}

void provisioner::save()
{
    status_.is_state_saved = with_.file.save(situation_.past);
}

}  // namespace agent::provision
