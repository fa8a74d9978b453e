#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/sale/ledger.hpp"
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
/// is on disk before it is asked for. If the outcome of the same purchase is not known, Gigastore
/// is asked whether it was sold (by its metatag), and only if not, it is bought under the same
/// idempotency-key. A purchase whose metatag the seller chose is known by that for a year.
///
/// One sale at a time for a state directory: whoever comes second waits.
class seller {
public:
    /// `is_till` goes into the records of what is bought.
    seller(gigastore::client& api, const std::string& state_directory, bool is_till,
        platform::logger& log)
        : api_(api), ledger_(state_directory), is_till_(is_till), log_(log)
    {
    }

    /// The sale that this purchase already is; nothing if it is none yet. Fails with
    /// net::errc::outcome_unknown if that cannot be told now.
    task<std::optional<sold>> earlier(gigastore::purchase what);

    /// Buys it, unless it is an earlier sale. `may_buy` is asked just before a new one. Fails with
    /// net::errc::outcome_unknown if it may have been sold all the same: to be tried again with the
    /// same purchase. After a success call settle().
    task<sold> sell(gigastore::purchase what, std::function<result<void>()> may_buy = {});

    /// The sale was shown to somebody, who now knows of it.
    result<void> settle();

private:
    task<void> take_turn();
    void end_turn();
    task<std::optional<sold>> recall();
    task<void> begin(gigastore::purchase what);
    task<sold> sell_now(gigastore::purchase what, std::function<result<void>()> may_buy);
    task<sold> buy();
    task<std::optional<gigastore::sale>> look_up();
    task<std::optional<gigastore::activated_item>> find_item();
    void note_sold(const gigastore::sale& what);
    failure unknown(const failure& why) const;

    gigastore::client& api_;
    ledger ledger_;
    bool is_till_;
    platform::logger& log_;
    std::optional<platform::state_lock> turn_;
    std::optional<sale_record> now_;
};

}  // namespace agent::sale
