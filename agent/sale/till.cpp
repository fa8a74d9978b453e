#include "agent/sale/till.hpp"

#include "agent/base/json.hpp"
#include "agent/sale/error.hpp"
#include "agent/sale/offer.hpp"
#include "platform/iso_time.hpp"
#include "platform/state_file.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace agent::sale {
namespace {

std::string today()
{
    constexpr std::size_t date_length = 10;
    return platform::to_iso(platform::read_clock().system).substr(0, date_length);
}

}  // namespace

task<sold> till::sell(gigastore::purchase what, double price)
{
    bool is_offered = std::ranges::any_of(settings_.items,
        [&what](const std::string& each) { return gigastore::same_uid(each, what.item_id); });
    if (!is_offered)
        co_return failure(errc::not_offered, "the till may not sell " + what.item_id);
    auto all = co_await api_.inventory();
    if (!all)
        co_return all.error();
    std::optional<gigastore::customer> before;
    if (what.kind != gigastore::purchase_kind::first_package) {
        auto known = co_await api_.customer(what.customer_uid);
        if (!known)
            co_return known.error();
        before = std::move(*known);
        gigastore::forget_codes(*before);
    }
    auto offer = find_offer(*all, what.item_id, price, before ? &*before : nullptr);
    if (!offer)
        co_return offer.error();
    what.item_id = offer->id;
    what.expected_price = offer->retail_price;
    auto selling = sell_now(std::move(what), before ? &*before : nullptr);
    co_return co_await std::move(selling);
}

task<sold> till::sell_now(gigastore::purchase what, const gigastore::customer* before)
{
    seller one{api_, settings_.state_directory, log_};
    std::string day = today();
    auto may_buy = [this, day]() -> result<void> {
        if (sold_today(day) < settings_.daily)
            return {};
        return failure(errc::limit_reached,
            "the till has sold " + std::to_string(settings_.daily) + " packages today");
    };
    auto selling = one.sell_once(std::move(what), before, may_buy);
    auto sold = co_await std::move(selling);
    if (!sold)
        co_return sold.error();
    if (!sold->is_earlier)
        if (auto counted = count_one(day); !counted)
            log_.warning("a sale is not counted: " + counted.error().message());
    // By its metatag it is found again, should the till not get to see the answer.
    if (auto settled = one.settle(); !settled)
        log_.warning(settled.error().message());
    co_return std::move(sold);
}

int till::sold_today(const std::string& day) const
{
    auto content = platform::load_state(counter());
    if (!content || !*content)
        return 0;
    json_document parsed{**content};
    bool is_today = parsed.root() != nullptr && text_view(*parsed.root(), "day") == day;
    return is_today ? whole_number(*parsed.root(), "sold").value_or(0) : 0;
}

result<void> till::count_one(const std::string& day) const
{
    json::object out{{"day", day}, {"sold", sold_today(day) + 1}};
    return platform::save_state(counter(), json::serialize(out));
}

}  // namespace agent::sale
