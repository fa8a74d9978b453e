#include "agent/kiosk/session_store.hpp"

#include "agent/base/activation_code.hpp"
#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/esim/error.hpp"
#include "agent/esim/fetch_order.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/net/error.hpp"
#include "agent/net/retry.hpp"
#include "platform/error.hpp"
#include "platform/euicc_channel.hpp"
#include "platform/timeout.hpp"
#include "qr/matrix.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace agent::kiosk {
namespace {

session_state state_of(const gigastore::esim& one)
{
    if (gigastore::is_on_device(one))
        return session_state::installed;
    return gigastore::is_installable(one) ? session_state::waiting : session_state::failed;
}

/// Somebody may be scanning what is on the screen.
result<void> may_replace(const session& before, const esim::order& next, const session_order& what)
{
    bool is_in_use =
        before.state == session_state::waiting || before.state == session_state::downloading;
    if (what.replaces || !is_in_use || before.iccid == next.iccid)
        return {};
    auto left = std::chrono::ceil<std::chrono::seconds>(before.ends_at - steady_clock::now());
    return failure(platform::errc::in_use, "the screen shows eSIM " + shortened(before.iccid.text())
                                               + ", for " + std::to_string(left.count())
                                               + " s more");
}

}  // namespace

const char* name_of(session_state state)
{
    switch (state) {
    case session_state::waiting: return "waiting";
    case session_state::downloading: return "downloading";
    case session_state::installed: return "installed";
    case session_state::failed: break;
    }
    return "failed";
}

std::chrono::milliseconds wait_after(
    const failure& why, int failures, std::chrono::seconds poll, double random)
{
    net::backoff policy;
    policy.first = poll;
    policy.longest = std::chrono::seconds(15);
    const platform::failure_cause* cause = why.cause();
    // An hour is longer than any session: the screen has long hidden the code by then.
    constexpr std::chrono::seconds longest{3600};
    auto asked = cause == nullptr ? std::chrono::seconds(0) : std::min(cause->retry_after, longest);
    return std::max<std::chrono::milliseconds>(
        std::max(asked, poll), net::delay_after(failures, policy, random));
}

boost::json::object to_json(const session& one)
{
    auto left = std::chrono::ceil<std::chrono::seconds>(one.ends_at - steady_clock::now()).count();
    return {{"id", one.id}, {"customerUid", one.customer_uid}, {"state", name_of(one.state)},
        {"iccid", or_null(one.iccid.text())}, {"secondsLeft", std::max<std::int64_t>(left, 0)},
        {"onScreen", one.is_on_screen}};
}

session_store::session_store(
    asio::any_io_executor executor, session_store_parts with, session_store_settings settings)
    : with_(std::move(with)), settings_(settings), tasks_(std::move(executor))
{
}

task<std::string> session_store::open(session_order what)
{
    failure too_many(platform::channel_errc::busy, "as many sessions as there may be are open");
    if (sessions_.size() >= settings_.most)
        co_return too_many;
    auto who = co_await with_.api.customer(what.customer_uid);
    if (!who)
        co_return who.error();
    if (sessions_.size() >= settings_.most || is_closing_)
        co_return too_many;
    auto order = esim::choose_order(*who, what.named);
    if (!order)
        co_return order.error();
    if (!order->is_installable)
        co_return failure(gigastore::choice_errc::none_installable,
            order->iccid.text() + " is " + order->state_text);
    if (!qr::encode(order->code->text().reveal()))
        co_return failure(
            esim::errc::code_unreadable, "eSIM " + order->iccid.text() + ": too long for any QR");
    if (session* before = on_screen(); before != nullptr && what.is_on_screen) {
        if (auto free = may_replace(*before, *order, what); !free)
            co_return free.error();
        end(before->id);
    }
    session& made = sessions_.emplace_back();
    constexpr std::size_t id_octets = 16;
    made.id = random_hex(id_octets);
    made.customer_uid = order->customer_uid;
    made.esim_uid = order->esim_uid;
    made.iccid = order->iccid;
    made.imsi = order->imsi;
    made.activation_code = order->code->text();
    made.is_on_screen = what.is_on_screen;
    if (with_.give_link)
        made.link = with_.give_link(*order);
    constexpr int missed_polls = 10;
    constexpr std::chrono::seconds longest{30};
    made.good_for = std::max(std::min(missed_polls * settings_.poll, longest), 2 * settings_.poll);
    constexpr std::size_t key_octets = 8;
    made.report_key = random_hex(key_octets);
    made.ends_at = steady_clock::now() + settings_.lasts;
    take(made, *who);
    with_.log.info("kiosk: a session was opened for eSIM " + shortened(made.iccid.text()));
    report(made, report::stage::fetched);
    tasks_.spawn(follow(made.id));
    tasks_.spawn(keep_time(made.id));
    tell(made);
    co_return made.id;
}

bool session_store::end(const std::string& id)
{
    auto found = std::ranges::find(sessions_, id, &session::id);
    if (found == sessions_.end())
        return false;
    with_.log.info("kiosk: the session of eSIM " + shortened(found->iccid.text()) + " ended");
    found->changes->publish("change", "");
    found->changes->close();
    bool was_on_screen = found->is_on_screen;
    sessions_.erase(found);
    if (was_on_screen)
        tell_screen();
    return true;
}

void session_store::extend(session& one) const
{
    bool is_over = one.state == session_state::installed || one.state == session_state::failed;
    one.ends_at = steady_clock::now() + (is_over ? settings_.thanks : settings_.lasts);
}

void session_store::set_online(session& one, bool is_online)
{
    bool is_new = std::exchange(one.is_online, is_online) != is_online;
    if (is_new)
        tell(one);
}

void session_store::note_shown(session& one)
{
    if (!std::exchange(one.was_shown, true))
        report(one, report::stage::shown);
}

session* session_store::find(std::string_view id)
{
    auto found = std::ranges::find(sessions_, id, &session::id);
    return found == sessions_.end() ? nullptr : &*found;
}

session* session_store::on_screen()
{
    auto found = std::ranges::find_if(sessions_, &session::is_on_screen);
    return found == sessions_.end() ? nullptr : &*found;
}

boost::json::object session_store::to_json() const
{
    boost::json::array all;
    for (const session& each : sessions_)
        all.push_back(agent::kiosk::to_json(each));
    boost::json::object out;
    out["sessions"] = std::move(all);
    return out;
}

void session_store::tell(session& one)
{
    one.changes->publish("change", "");
    if (one.is_on_screen)
        tell_screen();
}

void session_store::tell_screen()
{
    screen_.publish("change", "");
    on_change_();
}

void session_store::report(const session& one, report::stage stage)
{
    report::event what;
    what.stage = stage;
    what.occurrence = "kiosk:" + one.report_key;
    what.iccid = one.iccid;
    what.imsi = one.imsi;
    what.customer_uid = one.customer_uid;
    what.profile_state = report::profile_state_after(stage);
    if (stage == report::stage::failed)
        what.more["error"] = boost::json::object{{"name", "esim_unusable"},
            {"message", "Gigastore says that this eSIM cannot be installed"},
            {"advice", "look it up in Gigastore's console, and sell or assign another"}};
    with_.outbox.add(what);
}

void session_store::take(session& one, const gigastore::customer& who)
{
    one.checked_at = steady_clock::now();
    one.packages = gigastore::packages_left(who, platform::read_clock().system);
    one.total_balance = who.total_available_balance;
    const gigastore::esim* now = gigastore::find_esim(who, one.iccid, one.esim_uid);
    session_state next = now != nullptr ? state_of(*now) : session_state::failed;
    one.percent.reset();
    if (next == session_state::waiting)
        one.percent = with_.progress(one.iccid);
    if (one.percent)
        next = session_state::downloading;
    bool is_over = next == session_state::installed || next == session_state::failed;
    bool is_new = std::exchange(one.state, next) != next;
    if (!is_new || !is_over)
        return;
    report(
        one, next == session_state::installed ? report::stage::installed : report::stage::failed);
    if (next != session_state::installed)
        return;
    one.activation_code = platform::secret();  // nobody needs it any more
    one.ends_at = steady_clock::now() + settings_.thanks;
}

/// Asks Gigastore how it stands until the session is over.
asio::awaitable<void> session_store::follow(std::string id)
{
    std::chrono::milliseconds wait = settings_.poll;
    int failures = 0;
    while (true) {
        co_await platform::pause(wait);
        session* one = find(id);
        if (one == nullptr || one->state == session_state::installed)
            co_return;
        std::string uid = one->customer_uid;
        auto who = co_await with_.api.customer(std::move(uid));
        one = find(id);
        if (one == nullptr)
            co_return;
        if (!who) {
            with_.log.warning("kiosk: " + words_of(who.error()));
            wait = wait_after(who.error(), ++failures, settings_.poll, net::random_fraction());
            continue;
        }
        wait = settings_.poll;
        failures = 0;
        session_state before = one->state;
        auto percent = one->percent;
        take(*one, *who);
        if (one->state != before || one->percent != percent || one->was_unsure)
            tell(*one);
        one->was_unsure = false;
    }
}

/// Ends it in time, and notices when nobody knows any more how it stands.
asio::awaitable<void> session_store::keep_time(std::string id)
{
    while (true) {
        co_await platform::pause(std::chrono::seconds(1));
        session* one = find(id);
        if (one == nullptr)
            co_return;
        auto now = steady_clock::now();
        if (now >= one->ends_at) {
            end(id);
            co_return;
        }
        bool is_unsure = one->state != session_state::installed && one->is_unsure(now);
        if (is_unsure && !std::exchange(one->was_unsure, true))
            tell(*one);
    }
}

asio::awaitable<void> session_store::ended()
{
    is_closing_ = true;
    while (!sessions_.empty())
        end(std::string(sessions_.front().id));
    co_await tasks_.ended();
}

}  // namespace agent::kiosk
