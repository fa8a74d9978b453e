#include "agent/sale/sell.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "agent/gigastore/to_json.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/storage.hpp"
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

/// The eSIM that came with a purchase: the one that is known, else the one that was not there
/// before.
std::optional<gigastore::esim> esim_of(
    const sale_record& sale, std::vector<gigastore::esim> related)
{
    auto found = std::ranges::find_if(related, [&sale](const gigastore::esim& each) {
        if (!sale.esim_uid.empty())
            return gigastore::same_uid(each.uid, sale.esim_uid);
        return std::ranges::find(sale.known_esims, each.uid) == sale.known_esims.end();
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

task<void> seller::take_turn()
{
    constexpr std::chrono::milliseconds between_looks{50};
    constexpr std::chrono::seconds patience{60};
    auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        auto lock = platform::state_lock::take(ledger_.directory());
        if (lock) {
            turn_.emplace(std::move(*lock));
            platform::remove_strays(ledger_.directory());
            co_return result<void>();
        }
        bool is_taken = lock.error() == platform::errc::in_use;
        if (!is_taken || std::chrono::steady_clock::now() > end)
            co_return lock.error().after("nothing was bought; ");
        co_await platform::pause(between_looks);
    }
}

void seller::end_turn()
{
    now_.reset();
    turn_.reset();
}

task<std::optional<sold>> seller::earlier(gigastore::purchase what)
{
    auto turn = co_await take_turn();
    if (!turn)
        co_return turn.error();
    auto known = ledger_.find(what);
    if (!known) {
        end_turn();
        co_return known.error();
    }
    now_ = std::move(*known);
    if (!now_) {
        end_turn();
        co_return std::optional<sold>();
    }
    auto recalling = recall();
    auto found = co_await std::move(recalling);
    if (!found || !*found)
        end_turn();
    co_return std::move(found);
}

/// What came of a purchase that is in the ledger; nothing if it was not sold.
task<std::optional<sold>> seller::recall()
{
    if (!now_->is_sold())
        log_.info("nobody knows what came of this purchase of " + platform::to_iso(now_->since)
                  + "; asking whether it was sold");
    auto looking = look_up();
    auto found = co_await std::move(looking);
    if (!found)
        co_return unknown(found.error());
    if (!*found && now_->is_sold())
        co_return unknown(failure(net::errc::not_found,
            "package " + now_->item_uid + ", which it is, is not there any more"));
    if (!*found)
        co_return std::optional<sold>();
    note_sold(**found);
    sold out;
    out.what = std::move(**found);
    out.is_earlier = true;
    co_return std::optional(std::move(out));
}

task<sold> seller::sell(gigastore::purchase what, std::function<result<void>()> may_buy)
{
    auto turn = co_await take_turn();
    if (!turn)
        co_return turn.error();
    auto selling = sell_now(std::move(what), std::move(may_buy));
    auto outcome = co_await std::move(selling);
    if (!outcome)
        end_turn();
    co_return std::move(outcome);
}

task<sold> seller::sell_now(gigastore::purchase what, std::function<result<void>()> may_buy)
{
    auto known = ledger_.find(what);
    if (!known)
        co_return known.error();
    now_ = std::move(*known);
    if (now_) {
        auto recalling = recall();
        auto found = co_await std::move(recalling);
        if (!found)
            co_return found.error();
        if (*found)
            co_return std::move(**found);
        log_.info("it was not sold; buying it under the same key");
    } else {
        auto allowed = may_buy ? may_buy() : result<void>();
        if (!allowed)
            co_return allowed.error();
        auto beginning = begin(std::move(what));
        auto begun = co_await std::move(beginning);
        if (!begun)
            co_return begun.error().after("nothing was bought; ");
    }
    log_.debug("the purchase is on disk");
    auto buying = buy();
    co_return co_await std::move(buying);
}

/// Writes a new purchase down.
task<void> seller::begin(gigastore::purchase what)
{
    constexpr std::size_t key_octets = 16;
    sale_record made;
    made.key = random_hex(key_octets);
    made.since = platform::read_clock().system;
    made.is_by_till = is_till_;
    if (what.kind == gigastore::purchase_kind::top_up_with_profile) {
        auto before = co_await api_.customer(what.customer_uid);
        if (!before)
            co_return before.error();
        made.known_esims = uids_of(before->related_esims);
    }
    made.what = std::move(what);
    auto kept = ledger_.keep(made);
    now_ = std::move(made);
    co_return kept;
}

task<sold> seller::buy()
{
    gigastore::purchase what = now_->what;
    what.metatag = now_->metatag();
    auto answer = co_await api_.buy(std::move(what), now_->key);
    sold out;
    if (answer) {
        log_.debug("the purchase was answered");
        note_sold(*answer);
        out.what = std::move(*answer);
        co_return out;
    }
    bool is_open = answer.error() == net::errc::outcome_unknown || is_conflict(answer.error());
    if (!is_open) {
        auto forgotten = ledger_.forget(*now_);
        if (!forgotten)
            log_.warning(forgotten.error().message());
        co_return answer.error();
    }
    auto looking = look_up();
    auto found = co_await std::move(looking);
    bool is_sold = found && *found;
    if (!is_sold)
        co_return unknown(answer.error());
    note_sold(**found);
    out.what = std::move(**found);
    co_return out;
}

failure seller::unknown(const failure& why) const
{
    return {net::errc::outcome_unknown, why.detail().empty() ? why.message() : why.detail()};
}

/// In the ledger, too. Without that it is found by its metatag.
void seller::note_sold(const gigastore::sale& what)
{
    now_->item_uid = what.item.uid;
    now_->owner_uid = what.item.customer_uid;
    if (what.profile)
        now_->esim_uid = what.profile->uid;
    if (auto kept = ledger_.keep(*now_); !kept)
        log_.warning("what was sold is not noted: " + kept.error().message());
}

result<void> seller::settle()
{
    bool is_found_again = !now_->what.metatag.empty();
    auto done =
        is_found_again ? ledger_.forget_old(platform::read_clock().system) : ledger_.forget(*now_);
    end_turn();
    return done;
}

/// The package that the purchase is: by its uid, or its metatag; nothing if there is none.
task<std::optional<gigastore::activated_item>> seller::find_item()
{
    std::vector<gigastore::activated_item> all;
    const std::string& owner =
        now_->what.customer_uid.empty() ? now_->owner_uid : now_->what.customer_uid;
    if (owner.empty()) {
        constexpr std::size_t date_length = 10;
        std::string from = platform::to_iso(now_->since - std::chrono::days(1));
        auto listed = co_await api_.activated_items(from.substr(0, date_length), "");
        if (!listed)
            co_return listed.error();
        all = std::move(*listed);
    } else {
        auto who = co_await api_.customer(owner);
        if (!who)
            co_return who.error();
        all = std::move(who->activated_items);
        for (gigastore::activated_item& each : all)
            each.customer_uid = who->uid;
    }
    auto found = std::ranges::find_if(all, [this](const gigastore::activated_item& each) {
        return now_->is_sold() ? gigastore::same_uid(each.uid, now_->item_uid)
                               : each.metatag == now_->metatag();
    });
    if (found == all.end())
        co_return std::optional<gigastore::activated_item>();
    co_return std::optional(std::move(*found));
}

/// What the purchase came to, as Gigastore has it; nothing if it was not sold.
task<std::optional<gigastore::sale>> seller::look_up()
{
    auto finding = find_item();
    auto found = co_await std::move(finding);
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
        out.profile = esim_of(*now_, std::move(who->related_esims));
    co_return std::optional(std::move(out));
}

}  // namespace agent::sale
