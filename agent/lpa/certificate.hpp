#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/types.hpp"

#include <string>

namespace agent::lpa {

/// The OID that an SM-DP+'s certificate (DER) carries: the registered ID among its alternative
/// names (SGP.22, 4.5.2.1). Empty if it has none; fails if it is no certificate.
result<std::string> smdp_oid(byte_view certificate);

/// The subject key id of a certificate (PEM); empty if it has none, or is none.
bytes subject_key_id(const std::string& pem);

}  // namespace agent::lpa
