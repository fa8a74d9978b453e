#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/purchase.hpp"

#include <optional>
#include <string>
#include <vector>

namespace agent::sale {

/// A purchase that was asked for, with what it takes to find out later what came of it.
struct sale_record {
    std::string key{};  // the idempotency-key, and the name of its file
    gigastore::purchase what{};
    gigastore::timestamp since{};
    std::vector<std::string> known_esims{};  // uids of those the customer had before
    bool is_by_till = false;
    std::string item_uid{};   // what was bought; empty: nobody knows whether it was
    std::string owner_uid{};  // whose that is
    std::string esim_uid{};   // and the eSIM that came with it

    bool is_sold() const { return !item_uid.empty(); }
    /// Whether nobody was told yet what came of it.
    bool is_untold() const { return !is_sold() || what.metatag.empty(); }
    /// The metatag that it is sent and found with: the seller's own, else one of ours.
    std::string metatag() const;
};

/// True if both ask for the same package for the same customer: price apart, which may have
/// changed.
bool is_same(const gigastore::purchase& one, const gigastore::purchase& other);

/// The purchases of this device, a file each in STATE/sales: written before a purchase is sent.
/// Those with a metatag of the seller's stay for a year, so that asking again with it buys nothing.
/// The others go once somebody was told what came of them.
class ledger {
public:
    explicit ledger(const std::string& state_directory) : directory_(state_directory + "/sales") {}

    const std::string& directory() const { return directory_; }

    /// All of them. Fails if there is one that cannot be read: it may be under way.
    result<std::vector<sale_record>> all() const;
    /// The record of this purchase: by the seller's metatag, else the same that nobody was told the
    /// outcome of. Fails with errc::other_purchase if that metatag is another purchase's.
    result<std::optional<sale_record>> find(const gigastore::purchase& what) const;
    /// Keeps one, also over a power cut.
    result<void> keep(const sale_record& one) const;
    result<void> forget(const sale_record& one) const;
    /// Forgets what was sold more than a year before `now`.
    result<void> forget_old(gigastore::timestamp now) const;

private:
    std::string file_of(const sale_record& one) const;

    std::string directory_;
};

}  // namespace agent::sale
