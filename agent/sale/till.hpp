#pragma once

#include "agent/sale/sell.hpp"

#include <string>
#include <vector>

namespace agent::sale {

struct till_settings {
    std::vector<std::string> items{};  // the ids of what it may sell; empty: nothing
    int daily = 20;                    // sales a day (UTC)
    std::string state_directory{};
};

/// A shop's till that sells by this device: what it may, so many a day, at the price that it says.
/// The purchase's metatag is the till's own number of the sale: asking again with it sells nothing
/// more.
class till {
public:
    till(gigastore::client& api, till_settings settings, platform::logger& log)
        : api_(api), settings_(std::move(settings)), log_(log)
    {
    }

    /// Fails with a sale::errc before anything is bought, else as seller::sell().
    task<sold> sell(gigastore::purchase what, double price);

private:
    task<void> check_offer(gigastore::purchase& what, double price);
    result<void> may_sell_more() const;
    void settle(seller& by);

    gigastore::client& api_;
    till_settings settings_;
    platform::logger& log_;
};

}  // namespace agent::sale
