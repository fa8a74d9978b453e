#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/client.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace agent::link {

using known_customer = std::shared_ptr<const gigastore::customer>;

/// Customers as Gigastore had them a moment ago. However many look at the same customer, Gigastore
/// is asked once, and what it said counts for a while, also where it said no.
class recent_customers {
public:
    using steady_clock = std::chrono::steady_clock;

    recent_customers(gigastore::client& api, platform::logger& log) : api_(api), log_(log) {}

    /// Fails as client::customer() does, with net::errc::timeout after ten seconds, and with
    /// channel_errc::busy if too many are asked about at once.
    task<known_customer> get(std::string uid);

private:
    struct entry {
        std::optional<result<known_customer>> answer{};  // none while Gigastore is asked
        steady_clock::time_point at{};
    };

    void forget_old();

    gigastore::client& api_;
    platform::logger& log_;
    std::map<std::string, entry> entries_;
    platform::wake answered_;
};

}  // namespace agent::link
