#include "agent/gigastore/purchase.hpp"

#include "agent/base/json.hpp"
#include "agent/gigastore/to_json.hpp"

#include <algorithm>
#include <iterator>

namespace agent::gigastore {
namespace {

constexpr const char* kind_names[] = {"register", "top-up", "top-up-with-profile"};

json::object request_price(const price& what)
{
    return {{"sortIndex", what.sort_index}, {"priceValue", what.value},
        {"currencyCode", what.currency}};
}

/// The set of the packages of that name; empty if none has it, or several of different sets do.
std::string set_of(const std::string& name, const std::vector<inventory_item>& inventory)
{
    std::string out;
    for (const inventory_item& each : inventory) {
        if (each.name != name)
            continue;
        if (!out.empty() && out != each.country_set)
            return {};
        out = each.country_set;
    }
    return out;
}

}  // namespace

const char* name_of(purchase_kind kind)
{
    return kind_names[static_cast<int>(kind)];
}

std::optional<purchase_kind> purchase_kind_from(std::string_view name)
{
    const auto* found = std::ranges::find(kind_names, name);
    if (found == std::end(kind_names))
        return std::nullopt;
    return static_cast<purchase_kind>(found - std::begin(kind_names));
}

json::object to_json(const purchase& what)
{
    json::object out{{"inventoryItemId", what.item_id}};
    auto add = [&out](const char* name, const std::string& value) {
        if (!value.empty())
            out[name] = value;
    };
    add("customerUid", what.customer_uid);
    add("customerEmail", what.email);
    add("userCountry", what.country);
    add("activationMode", what.activation_mode);
    add("metatag", what.metatag);
    if (what.expected_price)
        out["expectedPrice"] = request_price(*what.expected_price);
    return out;
}

purchase purchase_from(purchase_kind kind, const json::value& body)
{
    purchase out;
    out.kind = kind;
    out.item_id = text(body, "inventoryItemId");
    out.customer_uid = text(body, "customerUid");
    out.email = text(body, "customerEmail");
    out.country = text(body, "userCountry");
    out.activation_mode = text(body, "activationMode");
    out.metatag = text(body, "metatag");
    if (const json::value* expected = member(body, "expectedPrice"))
        out.expected_price = price{.value = number(*expected, "priceValue").value_or(0),
            .currency = text(*expected, "currencyCode"),
            .sort_index = whole_number(*expected, "sortIndex").value_or(0)};
    return out;
}

std::string country_set_of(const customer& who, const std::vector<inventory_item>& inventory)
{
    std::string out;
    for (const activated_item& each : who.activated_items) {
        std::string set = set_of(each.balance.name, inventory);
        if (set.empty())
            continue;
        if (!out.empty() && out != set)
            return {};
        out = set;
    }
    return out;
}

json::object to_json(const inventory_item& item)
{
    return {{"id", item.id}, {"name", item.name}, {"size", size_value(item.size)},
        {"validitySize", item.validity_size ? json::value(*item.validity_size) : json::value()},
        {"validityUnit", or_null(item.validity_unit)}, {"validityUnlimited", item.is_unlimited},
        {"countrySet", or_null(item.country_set)}, {"retailPrice", price_value(item.retail_price)},
        {"purchasePrice", price_value(item.purchase_price)}};
}

}  // namespace agent::gigastore
