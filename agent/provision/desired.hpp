#pragma once

#include "agent/provision/wanted.hpp"

#include <cstdint>
#include <string_view>

namespace agent::provision {

/// What somebody far away wants this device to have: the operator of the fleet, by a broker.
struct desired {
    std::int64_t version = 0;  // counts up: an older order, or the same once more, is none
    wanted what{};
};

/// Reads `{"version": 7, "customerUid": "...", "iccid": "..."}`; the ICCID is optional. Fails with
/// what is wrong; anything else in it is refused, too: what is not understood is not half done.
result<desired> parse_desired(std::string_view text);

}  // namespace agent::provision
