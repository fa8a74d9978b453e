#include "agent/lpa/ci_roots.hpp"

#include "agent/lpa/certificate.hpp"
#include "gsma_ci.hpp"

#include <algorithm>

namespace agent::lpa {

std::string ci_roots(const std::vector<bytes>& key_ids)
{
    std::string out;
    for (const char* pem : gsma_ci) {
        bytes key_id = subject_key_id(pem);
        bool is_listed = key_ids.empty() || std::ranges::find(key_ids, key_id) != key_ids.end();
        if (is_listed)
            out += pem;
    }
    return out;
}

}  // namespace agent::lpa
