#pragma once

#include "agent/gigastore/types.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

namespace agent::cli {

/// Where each of a customer's eSIMs was last seen, in the order of related_esims; empty where
/// the API does not say, or at all.
using connectivities = std::vector<std::optional<gigastore::connectivity>>;

/// What Gigastore's support console shows of a customer, in 80 columns; never a code.
std::string to_text(
    const gigastore::customer& who, const connectivities& seen, platform::timestamp now);
/// One line of `customer list`: 80 columns on a terminal; elsewhere the e-mail is never cut.
std::string to_line(const gigastore::customer& who);
std::string line_header();

/// A package in two to four lines: its row of the table and what does not fit there.
std::string to_text(const gigastore::activated_item& item, platform::timestamp now);
std::string item_header();

/// The same things for programs: times in ISO 8601, sizes as value and unit.
boost::json::object to_json(
    const gigastore::customer& who, const connectivities& seen, platform::timestamp now);
boost::json::object to_json(const gigastore::activated_item& item, platform::timestamp now);

}  // namespace agent::cli
