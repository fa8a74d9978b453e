#pragma once

#include "agent/gigastore/types.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <vector>

namespace agent::gigastore {

/// Where each of a customer's eSIMs was last seen, in the order of related_esims; empty where
/// the API does not say, or at all.
using connectivities = std::vector<std::optional<gigastore::connectivity>>;

/// A customer for programs, without codes: times in ISO 8601, sizes as value and unit.
boost::json::object to_json(
    const gigastore::customer& who, const connectivities& seen, platform::timestamp now);
boost::json::object to_json(const activated_item& item, platform::timestamp now);

/// A volume in the unit that the API used, and in MB; null if there is none.
boost::json::value size_value(const std::optional<data_size>& size);
boost::json::value price_value(const std::optional<gigastore::price>& price);

}  // namespace agent::gigastore
