#pragma once

#include "agent/gigastore/types.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace agent::gigastore {

/// A package that is for sale (API page Offering Packages); its id is the inventoryItemId.
struct inventory_item {
    std::string id{};
    std::string name{};
    data_size size{};
    std::optional<int> validity_size{};
    std::string validity_unit{};
    bool is_unlimited = false;              // its days do not end
    std::string country_set{};              // "WWW", a country, or a region's id
    std::optional<price> purchase_price{};  // what the reseller pays
    std::optional<price> retail_price{};    // what expectedPrice is held against
};

/// What is bought: a first package with customer and eSIM (API page First Package), another one for
/// a customer (Top-up), or that and an eSIM beside it (Changing Device: a lost one).
enum class purchase_kind { first_package, top_up, top_up_with_profile };

/// "register", "top-up" or "top-up-with-profile": the last part of the API's path.
const char* name_of(purchase_kind kind);
std::optional<purchase_kind> purchase_kind_from(std::string_view name);

/// One package for one customer. What is empty is left out of the request.
struct purchase {
    purchase_kind kind = purchase_kind::first_package;
    std::string item_id{};
    std::string customer_uid{};     // but for a first package
    std::string email{};            // for a first package alone
    std::string country{};          // where the customer lives: ISO 3166-1 alpha-2
    std::string activation_mode{};  // NOW, FIRST_USE, ON_DEMAND
    std::string metatag{};          // the reseller's own number of the sale
    std::optional<price> expected_price{};
};

/// The body of the request.
boost::json::object to_json(const purchase& what);
/// That read back; an empty item_id if it is none.
purchase purchase_from(purchase_kind kind, const boost::json::value& body);

/// What a purchase came to.
struct sale {
    activated_item item{};  // with its customer's uid
    std::optional<std::string> email{};
    std::optional<esim> profile{};  // none for a top-up without one
};

/// The country set that all of a customer's packages are of, as far as the inventory tells by their
/// names; empty if it does not. Packages of another set are refused (API page Customers).
std::string country_set_of(const customer& who, const std::vector<inventory_item>& inventory);

boost::json::object to_json(const inventory_item& item);

}  // namespace agent::gigastore
