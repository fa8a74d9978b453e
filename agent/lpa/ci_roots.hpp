#pragma once

#include "agent/lpa/types.hpp"

#include <string>
#include <vector>

namespace agent::lpa {

/// The CI root certificates that are shipped with the program (gsma-ci/), as PEM: those whose
/// subject key id is among `key_ids`, which an eUICC lists as the issuers it accepts (SGP.22, 2.6.5
/// and 4.3). GSMA's own if it lists none: the others count for cards that name them, and for
/// nobody else.
std::string ci_roots(const std::vector<bytes>& key_ids);

/// An issuer that cards list.
struct ci_issuer {
    const char* key_id;  // 40 hexadecimal digits
    const char* name;
    bool is_test = false;  // profiles under it are for labs
};

/// The issuer of that key id, also one whose root is not shipped; null if it is not known.
const ci_issuer* find_issuer(const bytes& key_id);
/// "OISTE GSMA CI G1 (4C27...222F)"; the whole key id of one that is not known.
std::string issuer_words(const bytes& key_id);

}  // namespace agent::lpa
