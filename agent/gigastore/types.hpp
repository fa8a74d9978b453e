#pragma once

#include "agent/base/iccid.hpp"
#include "platform/clock.hpp"
#include "platform/secret.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agent::gigastore {

// Gigastore's own objects and field names (docs.giga.store, Customers and eSIM Profiles).
// What may be absent or null is optional; what only tells a human something is text.

using platform::timestamp;

/// A volume of data, in the unit that the API used.
struct data_size {
    double value = 0;
    std::string unit{};  // MB, GB, TB; another is kept as text

    /// In MB, with 1 GB = 1024 MB; nothing for a unit we do not know.
    std::optional<double> megabytes() const;
};

struct price {
    double value = 0;  // in major units
    std::string currency{};
    int sort_index = 0;
};

/// What is left of a package, and until when.
struct balance {
    std::optional<timestamp> activated_at{};  // none until it has started
    std::optional<timestamp> expires_at{};    // before the start: when it starts by itself
    std::string activation_mode{};            // NOW, FIRST_USE, ON_DEMAND
    std::string name{};
    std::optional<data_size> size{};
    std::optional<data_size> available{};
    std::optional<int> validity_size{};
    std::string validity_unit{};
};

/// A package that was sold; its uid is the purchase id.
struct activated_item {
    std::string uid{};
    std::string metatag{};
    std::string status{};  // not documented: e.g. REFUNDED where the API says so
    std::string sales_channel{};
    std::string sales_channel_type{};
    std::string activation_type{};
    std::optional<timestamp> sold_at{};
    std::optional<price> purchase_price{};
    std::optional<price> retail_price{};
    gigastore::balance balance{};
    std::string customer_uid{};  // only where the API gives it with the item
};

enum class esim_state { released, installed, disabled, error, other };

/// A related eSIM: a profile at the SM-DP+, or on a device.
struct esim {
    std::string uid{};
    agent::iccid iccid{};  // none if the API gave none
    std::string imsi{};
    bool has_code = false;  // the API gave one; it may be forgotten by now
    platform::secret activation_code{};
    platform::secret apple_universal_link{};
    platform::secret installation_url{};
    std::optional<timestamp> last_seen{};
    std::optional<timestamp> activated_at{};
    std::string state_text{};  // as the API spells it
    esim_state state = esim_state::other;
    bool is_active = true;  // false once it was replaced; absent counts as active
};

struct customer {
    std::string uid{};
    std::optional<std::string> email{};
    std::string profile_url{};
    std::string country_of_residence{};
    std::optional<data_size> total_available_balance{};  // the API's figure, never our sum
    std::vector<activated_item> activated_items{};
    std::vector<esim> related_esims{};
};

/// Where and when an eSIM was last on a network, as far as the API says.
struct connectivity {
    std::optional<timestamp> last_seen{};
    std::string country{};
};

/// Whose eSIM a device is to have, as a gateway of the fleet's says: not Gigastore's own.
struct assignment {
    std::string customer_uid{};                    // empty: nobody's yet
    std::string iccid{};                           // of several eSIMs; empty: chosen here
    std::optional<std::chrono::seconds> poll{};    // when it is to be asked again
    std::optional<std::chrono::seconds> jitter{};  // and by how much later at random
};

/// Where a package is in its life: as the API says, if it says one of these, else by its dates.
enum class package_state { purchased, activated, expired, refunded };
package_state state_of(const activated_item& item, timestamp now);

/// That as a word, in small letters: the API's own, where it gives one, else as the support console
/// calls it.
std::string status_of(const activated_item& item, timestamp now);

/// What is left of a package: nothing of one that was refunded.
std::optional<data_size> left_of(const activated_item& item, timestamp now);

/// The eSIM of that ICCID, or of that uid where there is no ICCID; null if it is none of theirs.
const esim* find_esim(const customer& who, const iccid& number, std::string_view uid);

/// The packages that are still good, the one that ends first in front.
std::vector<balance> packages_left(const customer& who, timestamp now);

/// Wipes every code and link that installs an eSIM; what is left tells that there was one.
void forget_codes(customer& who);

/// Knows RELEASED, INSTALLED, DISABLED and ERROR in any case.
esim_state esim_state_from(std::string_view text);

/// True if it is on a device, as far as Gigastore knows: enabled or not.
bool is_on_device(const esim& one);

/// True for a country's code in capital letters (ISO 3166-1 alpha-2, and XK for Kosovo).
bool is_country(std::string_view code);

/// One "@" with something on both sides, and nothing that cannot be seen. Empty counts: it takes an
/// address away.
bool is_email(std::string_view text);

/// True for what can be a customer's UID: it can stand in a path, and is no path. Empty is.
bool is_plain_uid(std::string_view uid);

/// True if both are one UUID, in any case.
bool same_uid(std::string_view left, std::string_view right);

}  // namespace agent::gigastore
