#include "agent/sale/offer.hpp"

#include "agent/sale/error.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace agent::sale {

std::string price_text(const gigastore::price& price)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.2f ", price.value);
    return text + platform::printable(price.currency);
}

result<gigastore::inventory_item> find_offer(const std::vector<gigastore::inventory_item>& all,
    const std::string& id, std::optional<double> expected_price, const gigastore::customer& before)
{
    auto found = std::ranges::find_if(all,
        [&id](const gigastore::inventory_item& each) { return gigastore::same_uid(each.id, id); });
    if (found == all.end())
        return failure(errc::unknown_item, "no package for sale has the id " + id);
    constexpr double least_coin = 0.001;
    const auto& price = found->retail_price;
    bool is_other =
        expected_price && (!price || std::abs(price->value - *expected_price) >= least_coin);
    if (is_other)
        return failure(errc::other_price,
            price ? "the package costs " + price_text(*price) : "the package has no retail price");
    std::string set = gigastore::country_set_of(before, all);
    bool is_elsewhere = !set.empty() && !found->country_set.empty() && set != found->country_set;
    if (is_elsewhere)
        return failure(errc::other_countries, "this package is for the country set "
                                                  + found->country_set
                                                  + ", and the customer's are for " + set);
    return *found;
}

}  // namespace agent::sale
