#pragma once

#include "agent/gigastore/purchase.hpp"
#include "agent/gigastore/to_json.hpp"

#include <string>
#include <vector>

namespace agent::cli {

using gigastore::connectivities;

/// What Gigastore's support console shows of a customer, in 80 columns; never a code.
std::string to_text(
    const gigastore::customer& who, const connectivities& seen, platform::timestamp now);
/// Which of a customer's eSIMs are asked about one by one: ten that are in use, by their places in
/// related_esims. A fleet's thousands would be thousands of questions.
std::vector<std::size_t> worth_asking(const gigastore::customer& who);
/// One line of `customer list`: 80 columns on a terminal; elsewhere the e-mail is never cut.
std::string to_line(const gigastore::customer& who);
std::string line_header();

/// A package in two to four lines: its row of the table and what does not fit there.
std::string to_text(const gigastore::activated_item& item, platform::timestamp now);
std::string item_header();

/// A package that is for sale, in two lines, with the id to order it by.
std::string to_text(const gigastore::inventory_item& item);
std::string for_sale_header();

}  // namespace agent::cli
