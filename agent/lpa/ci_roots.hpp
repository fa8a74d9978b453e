#pragma once

#include "agent/lpa/types.hpp"

#include <string>
#include <vector>

namespace agent::lpa {

/// The GSMA CI root certificates that are shipped with the program (gsma-ci/), as PEM: those
/// whose subject key id is among `key_ids`, which an eUICC lists as the issuers it accepts
/// (SGP.22, 2.6.5 and 4.3). All of them if it lists none.
std::string ci_roots(const std::vector<bytes>& key_ids);

}  // namespace agent::lpa
