#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/client.hpp"

#include <string>

namespace agent::kiosk {

/// The customer that a visitor means, and which eSIM, if the visitor said so.
struct found_customer {
    std::string uid{};
    std::string named{};
};

/// The customer an order reference (a purchase id), a customer UID, an ICCID or an e-mail address
/// belongs to. Fails with net::errc::not_found if nobody's, or several customers'.
task<found_customer> find_customer(gigastore::client& api, std::string text, bool takes_email);

}  // namespace agent::kiosk
