#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/sale/unsettled_sales.hpp"
#include "platform/state_lock.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <optional>

namespace agent::sale {

/// A package that was sold.
struct sold {
    gigastore::sale what{};
    bool is_earlier = false;  // by an earlier run, which could not say so
};

/// That for programs, without codes: {"customerUid", "email", "package", "esim", "earlier"}.
boost::json::object to_json(const sold& what, platform::timestamp now);

/// Buys packages with the reseller's credit, each once, whatever happens on the way: what is bought
/// is on disk before it is asked for. If an earlier run of the same purchase did not live to see
/// the answer, Gigastore is asked whether it was sold (by its metatag), and only if not, bought
/// under the same idempotency-key.
class seller {
public:
    seller(gigastore::client& api, const std::string& state_directory, platform::logger& log)
        : api_(api), unsettled_(state_directory), log_(log)
    {
    }

    /// `before` is the customer as they were, for a top-up. Waits while another process sells for
    /// this state directory. Fails with net::errc::outcome_unknown if it may have been sold all the
    /// same: to be tried again with the same purchase. After a success call settle().
    task<sold> sell(gigastore::purchase what, const gigastore::customer* before);
    /// The same for a purchase whose metatag no other sale has: Gigastore is always asked first
    /// whether it was sold (since yesterday, to a new customer). `may_buy` is asked only if it was
    /// not.
    task<sold> sell_once(gigastore::purchase what, const gigastore::customer* before,
        std::function<result<void>()> may_buy);

    /// The sale was shown to somebody, who now knows of it.
    result<void> settle();

private:
    task<sold> sell_one(gigastore::purchase what, const gigastore::customer* before);
    result<bool> begin(gigastore::purchase what, const gigastore::customer* before);
    task<sold> buy();
    task<void> take_turn();
    task<std::optional<gigastore::sale>> look_up();
    task<std::optional<gigastore::activated_item>> find_item();
    failure unknown(const failure& why) const;

    gigastore::client& api_;
    unsettled_sales unsettled_;
    platform::logger& log_;
    std::optional<platform::state_lock> turn_;
    std::optional<unsettled_sale> now_;
    std::function<result<void>()> may_buy_;  // set: Gigastore is asked first
};

}  // namespace agent::sale
