#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace agent::provision {

/// Whose eSIM this device is to have.
struct wanted {
    std::string customer_uid{};  // empty: nothing is wanted
    std::string named{};         // which one, if the customer has several: its ICCID or uid
    platform::secret confirmation_code{};
};

/// Reads what a provisioning file holds: `<esim-provision uid="..." iccid="..."/>`, and in it
/// `<confirmation-code>...</confirmation-code>` where the order has one. Fails with file and line.
result<wanted> parse_provisioning_file(const std::string& file, std::string_view content);

}  // namespace agent::provision
