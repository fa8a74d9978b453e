#include "agent/lpa/ci_roots.hpp"

#include "agent/base/iccid.hpp"
#include "agent/lpa/certificate.hpp"
#include "gsma_ci.hpp"

#include <algorithm>

namespace agent::lpa {
namespace {

constexpr ci_issuer issuers[] = {
    {"81370F5125D0B1D408D4C3B232E6D25E795BEBFB", "GSM Association - RSP2 Root CI1"},
    {"4C27967AD20C14B391E9601E41E604AD57C0222F", "OISTE GSMA CI G1"},
    {"16704B7F351E3607F18C4B70005C3A003DFD414A", "Entrust eSIM Certification Authority"},
    {"CD6E60B72D7A063CBC84625B91E80FE30406E13E", "MC4 OT ROOT CI v1 (IDEMIA)"},
    {"B60F0B897FD630B88CFED6161F8EA808C5382AC3", "SubMan V4.2 CI Google Pixel (G+D)"},
    {"CDF6D1C0A7B07F98A861B6E378B82F648D99663E", "CMCA eSIM Root CA_NIST (China Mobile)"},
    {"16B5D16048E3EA02BD4B606E5F77A4BF20808D83", "China Unicom eSIM Root CA"},
    {"148030FC246C02FF222106125A8D6BDA990AFBE9", "Taier"},
    {"D3EF83FC503F9C6EC4B7F6AE055B7F1373D4AB1E", "CCS NETCA (China Telecom)"},
    {"EA53ADEF3329B9509AFD755FD448B82DC1BCECFF", "G+D SubMan V4.2 (expired)"},
    {"F54172BDF98A95D65CBEB88A38A1C11D800A85C3", "SGP.26 test CI (NIST)", true},
    {"665A1433D67C1A2C5DB8B52C967F10A057BA5CB2", "Symantec RSP test", true},
};

template <std::size_t Size>
void append_listed(
    std::string& to, const char* const (&roots)[Size], const std::vector<bytes>& key_ids)
{
    for (const char* pem : roots)
        if (std::ranges::find(key_ids, subject_key_id(pem)) != key_ids.end())
            to += pem;
}

}  // namespace

std::string ci_roots(const std::vector<bytes>& key_ids)
{
    std::string out;
    append_listed(out, gsma_ci, key_ids);
    append_listed(out, other_ci, key_ids);
    for (const char* pem : gsma_ci)
        if (key_ids.empty())
            out += pem;
    return out;
}

const ci_issuer* find_issuer(const bytes& key_id)
{
    std::string wanted = platform::to_hex(key_id);
    auto found = std::ranges::find_if(
        issuers, [&wanted](const ci_issuer& each) { return wanted == each.key_id; });
    return found == std::end(issuers) ? nullptr : &*found;
}

std::string issuer_words(const bytes& key_id)
{
    const ci_issuer* known = find_issuer(key_id);
    std::string hex = platform::to_hex(key_id);
    return known == nullptr ? hex : std::string(known->name) + " (" + shortened(hex) + ")";
}

}  // namespace agent::lpa
