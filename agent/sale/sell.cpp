#include "agent/sale/sell.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "agent/gigastore/to_json.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::sale {
namespace {

/// A conflict: the server knows the key. It may be at work on the first request still.
bool is_conflict(const failure& why)
{
    constexpr int conflict = 409;
    return why.cause() != nullptr && why.cause()->http_status == conflict;
}

std::vector<std::string> uids_of(const std::vector<gigastore::esim>& all)
{
    std::vector<std::string> out;
    out.reserve(all.size());
    for (const gigastore::esim& each : all)
        out.push_back(each.uid);
    return out;
}

/// The eSIM that came with a purchase: the one that was not there before it.
std::optional<gigastore::esim> new_esim(
    std::vector<gigastore::esim> related, const std::vector<std::string>& known)
{
    auto found = std::ranges::find_if(related, [&known](const gigastore::esim& each) {
        return std::ranges::find(known, each.uid) == known.end();
    });
    if (found == related.end())
        return std::nullopt;
    return std::move(*found);
}

}  // namespace

json::object to_json(const sold& what, platform::timestamp now)
{
    const gigastore::sale& one = what.what;
    json::object out{{"customerUid", one.item.customer_uid},
        {"email", or_null(one.email.value_or(""))}, {"package", to_json(one.item, now)},
        {"esim", nullptr}, {"earlier", what.is_earlier}};
    if (one.profile)
        out["esim"] = {{"uid", one.profile->uid}, {"iccid", or_null(one.profile->iccid.text())},
            {"state", or_null(one.profile->state_text)}};
    return out;
}

task<sold> seller::sell_once(gigastore::purchase what, const gigastore::customer* before,
    std::function<result<void>()> may_buy)
{
    may_buy_ = std::move(may_buy);
    auto selling = sell(std::move(what), before);
    co_return co_await std::move(selling);
}

task<sold> seller::sell(gigastore::purchase what, const gigastore::customer* before)
{
    auto turn = co_await take_turn();
    if (!turn)
        co_return turn.error();
    auto selling = sell_one(std::move(what), before);
    auto outcome = co_await std::move(selling);
    if (!outcome)
        turn_.reset();
    co_return std::move(outcome);
}

/// One sale at a time: two of the same at once would take each other for an earlier run's.
task<void> seller::take_turn()
{
    constexpr std::chrono::milliseconds between_looks{50};
    constexpr std::chrono::seconds patience{60};
    auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        auto lock = platform::state_lock::take(unsettled_.directory());
        if (lock) {
            turn_.emplace(std::move(*lock));
            co_return result<void>();
        }
        bool is_taken = lock.error() == platform::errc::in_use;
        if (!is_taken || std::chrono::steady_clock::now() > end)
            co_return lock.error();
        co_await platform::pause(between_looks);
    }
}

/// Takes up what an earlier run left (true), else keeps a new one.
result<bool> seller::begin(gigastore::purchase what, const gigastore::customer* before)
{
    auto left = unsettled_.find(what);
    if (!left)
        return left.error();
    now_ = std::move(*left);
    if (now_)
        return true;
    constexpr std::size_t key_octets = 16;
    now_.emplace();
    now_->key = random_hex(key_octets);
    now_->what = std::move(what);
    now_->since = platform::read_clock().system;
    if (before != nullptr)
        now_->known_esims = uids_of(before->related_esims);
    if (auto kept = unsettled_.keep(*now_); !kept)
        return kept.error().after("nothing was bought; ");
    return false;
}

task<sold> seller::sell_one(gigastore::purchase what, const gigastore::customer* before)
{
    auto is_left = begin(std::move(what), before);
    if (!is_left)
        co_return is_left.error();
    if (*is_left)
        log_.info("the same purchase of " + platform::to_iso(now_->since)
                  + " was not settled; asking whether it was sold");
    if (*is_left || may_buy_) {
        auto found = co_await look_up();
        if (!found)
            co_return unknown(found.error());
        if (*found)
            co_return sold{.what = std::move(**found), .is_earlier = true};
    }
    auto allowed = may_buy_ ? may_buy_() : result<void>();
    if (!allowed) {
        auto forgotten = settle();
        co_return forgotten ? allowed.error() : forgotten.error();
    }
    log_.debug("the purchase is on disk");
    auto buying = buy();
    co_return co_await std::move(buying);
}

task<sold> seller::buy()
{
    gigastore::purchase what = now_->what;
    what.metatag = now_->metatag();
    auto answer = co_await api_.buy(std::move(what), now_->key);
    if (answer) {
        log_.debug("the purchase was answered");
        co_return sold{.what = std::move(*answer)};
    }
    bool is_open = answer.error() == net::errc::outcome_unknown || is_conflict(answer.error());
    if (!is_open) {
        auto forgotten = settle();
        if (!forgotten)
            log_.warning(forgotten.error().message());
        co_return answer.error();
    }
    auto found = co_await look_up();
    bool is_sold = found && *found;
    if (is_sold)
        co_return sold{.what = std::move(**found)};
    co_return unknown(answer.error());
}

failure seller::unknown(const failure& why) const
{
    return {net::errc::outcome_unknown, why.detail().empty() ? why.message() : why.detail()};
}

result<void> seller::settle()
{
    auto forgotten = unsettled_.forget(*now_);
    now_.reset();
    turn_.reset();
    return forgotten;
}

/// The package that has the purchase's metatag; nothing if there is none.
task<std::optional<gigastore::activated_item>> seller::find_item()
{
    std::vector<gigastore::activated_item> all;
    if (now_->what.customer_uid.empty()) {
        constexpr std::size_t date_length = 10;
        std::string from = platform::to_iso(now_->since - std::chrono::days(1));
        auto listed = co_await api_.activated_items(from.substr(0, date_length), "");
        if (!listed)
            co_return listed.error();
        all = std::move(*listed);
    } else {
        auto who = co_await api_.customer(now_->what.customer_uid);
        if (!who)
            co_return who.error();
        all = std::move(who->activated_items);
        for (gigastore::activated_item& each : all)
            each.customer_uid = who->uid;
    }
    auto found = std::ranges::find(all, now_->metatag(), &gigastore::activated_item::metatag);
    if (found == all.end())
        co_return std::optional<gigastore::activated_item>();
    co_return std::optional(std::move(*found));
}

/// What the purchase came to, as Gigastore has it; nothing if it was not sold.
task<std::optional<gigastore::sale>> seller::look_up()
{
    auto found = co_await find_item();
    if (!found)
        co_return found.error();
    if (!*found)
        co_return std::optional<gigastore::sale>();
    gigastore::sale out;
    out.item = std::move(**found);
    if (out.item.customer_uid.empty()) {
        auto whole = co_await api_.activated_item(out.item.uid);
        if (!whole)
            co_return whole.error();
        out.item = std::move(*whole);
    }
    auto who = co_await api_.customer(out.item.customer_uid);
    if (!who)
        co_return who.error();
    out.email = std::move(who->email);
    if (now_->what.kind != gigastore::purchase_kind::top_up)
        out.profile = new_esim(std::move(who->related_esims), now_->known_esims);
    co_return std::optional(std::move(out));
}

}  // namespace agent::sale
