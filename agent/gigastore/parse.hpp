#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/purchase.hpp"
#include "agent/gigastore/types.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace agent::gigastore {

// The API's JSON answers. All fail with net::errc::malformed_answer, saying which part is not
// what the API promises; unknown fields are ignored.

struct token_answer {
    platform::secret access_token{};
    std::optional<int> expires_in{};  // seconds
};

result<token_answer> parse_token(std::string_view body);
result<customer> parse_customer(std::string_view body);
/// A page of customers in either shape: an array, or an object with "customers".
result<std::vector<customer>> parse_customers(std::string_view body);
/// Sold packages: an array, or an object with "items" or "activatedItems".
result<std::vector<activated_item>> parse_items(std::string_view body);
/// One sold package, bare or wrapped as in the answer to a registration.
result<activated_item> parse_item(std::string_view body);
/// The packages for sale: an array, or an object with "items".
result<std::vector<inventory_item>> parse_inventory(std::string_view body);
/// The answer to a purchase. Fails unless it says that it was a success, of what and for whom.
result<sale> parse_sale(std::string_view body);
/// A gateway's {"customerUid", "iccid", "pollSeconds", "jitterSeconds"}, each of which may be
/// absent or null.
result<assignment> parse_assignment(std::string_view body);
result<connectivity> parse_connectivity(std::string_view body);

}  // namespace agent::gigastore
