#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/purchase.hpp"

#include <optional>
#include <string>
#include <vector>

namespace agent::sale {

/// "11.50 USD".
std::string price_text(const gigastore::price& price);

/// The package of that id, if it has the price that somebody expects, and is for the countries of
/// the customer's others (`before` is the customer; one without
/// packages has no countries). Fails with what speaks
/// against it: a sale::errc.
result<gigastore::inventory_item> find_offer(const std::vector<gigastore::inventory_item>& all,
    const std::string& id, std::optional<double> expected_price, const gigastore::customer& before);

}  // namespace agent::sale
