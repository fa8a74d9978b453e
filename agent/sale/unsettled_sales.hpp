#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/purchase.hpp"

#include <optional>
#include <string>
#include <vector>

namespace agent::sale {

/// A purchase that is under way, with what it takes to find out later what came of it.
struct unsettled_sale {
    std::string key{};  // the idempotency-key, and the name of its file
    gigastore::purchase what{};
    gigastore::timestamp since{};
    std::vector<std::string> known_esims{};  // uids of those the customer had before

    /// The metatag that it is sent and found with: the reseller's own, else one of ours.
    std::string metatag() const;
};

/// True if both ask for the same package for the same customer: price apart, which may have
/// changed.
bool is_same(const gigastore::purchase& one, const gigastore::purchase& other);

/// The purchases that may have been carried out without anybody having been told, a file each in
/// STATE/sales: written before a purchase is sent, removed once its outcome was shown.
class unsettled_sales {
public:
    explicit unsettled_sales(const std::string& state_directory)
        : directory_(state_directory + "/sales")
    {
    }

    const std::string& directory() const { return directory_; }

    /// All of them, without files that cannot be read.
    result<std::vector<unsettled_sale>> all() const;
    /// The one that is_same() as `what`.
    result<std::optional<unsettled_sale>> find(const gigastore::purchase& what) const;
    /// Keeps one, also over a power cut.
    result<void> keep(const unsettled_sale& one) const;
    result<void> forget(const unsettled_sale& one) const;

private:
    std::string file_of(const unsettled_sale& one) const;

    std::string directory_;
};

}  // namespace agent::sale
