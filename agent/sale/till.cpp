#include "agent/sale/till.hpp"

#include "agent/sale/error.hpp"
#include "agent/sale/offer.hpp"

#include <algorithm>

namespace agent::sale {

task<sold> till::sell(gigastore::purchase what, double price)
{
    seller by{api_, settings_.state_directory, true, log_};
    auto recalling = by.earlier(what);
    auto earlier = co_await std::move(recalling);
    if (!earlier)
        co_return earlier.error();
    if (*earlier) {
        settle(by);
        co_return std::move(**earlier);
    }
    auto checking = check_offer(what, price);
    auto good = co_await std::move(checking);
    if (!good)
        co_return good.error();
    auto selling = by.sell(std::move(what), [this] { return may_sell_more(); });
    auto sold = co_await std::move(selling);
    if (!sold)
        co_return sold.error();
    settle(by);
    co_return std::move(sold);
}

/// That it is offered, at this price, and for the customer's countries.
task<void> till::check_offer(gigastore::purchase& what, double price)
{
    bool is_offered = std::ranges::any_of(settings_.items,
        [&what](const std::string& each) { return gigastore::same_uid(each, what.item_id); });
    if (!is_offered)
        co_return failure(errc::not_offered, "the till may not sell " + what.item_id);
    auto all = co_await api_.inventory();
    if (!all)
        co_return all.error();
    gigastore::customer before;  // a new one has no packages, and so no country set
    if (what.kind != gigastore::purchase_kind::first_package) {
        auto known = co_await api_.customer(what.customer_uid);
        if (!known)
            co_return known.error();
        before = std::move(*known);
        gigastore::forget_codes(before);
    }
    auto offer = find_offer(*all, what.item_id, price, before);
    if (!offer)
        co_return offer.error();
    what.expected_price = offer->retail_price;
    co_return result<void>();
}

/// Counts what was asked for, sold or not: an outcome that nobody knows is no room for another.
result<void> till::may_sell_more() const
{
    auto all = ledger(settings_.state_directory).all();
    if (!all)
        return all.error();
    auto today = std::chrono::floor<std::chrono::days>(platform::read_clock().system);
    auto count = std::ranges::count_if(*all, [today](const sale_record& each) {
        return each.is_by_till && std::chrono::floor<std::chrono::days>(each.since) == today;
    });
    if (count < settings_.daily)
        return {};
    return failure(
        errc::limit_reached, "the till has sold " + std::to_string(count) + " packages today");
}

/// By its metatag it is found again, should the till not get to see the answer.
void till::settle(seller& by)
{
    if (auto settled = by.settle(); !settled)
        log_.warning(settled.error().message());
}

}  // namespace agent::sale
