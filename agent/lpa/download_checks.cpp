#include "agent/lpa/download_checks.hpp"

#include "agent/lpa/bound_profile_package.hpp"
#include "agent/lpa/certificate.hpp"
#include "agent/lpa/error.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <algorithm>

namespace agent::lpa {
namespace {

failure not_trusted(std::string why)
{
    return {errc::smdp_not_trusted, std::move(why)};
}

}  // namespace

result<void> check_server(const authentication_offer& offer, byte_view challenge,
    const activation_code& code, const euicc_info& card)
{
    auto signed1 = read_server_signed1(offer.server.signed1);
    if (!signed1)
        return signed1.error();
    auto transaction = platform::from_hex(offer.transaction_id);
    if (!transaction || *transaction != signed1->transaction_id)
        return not_trusted("the SM-DP+ signed another transaction than it names");
    if (!std::ranges::equal(signed1->euicc_challenge, challenge))
        return not_trusted("the SM-DP+ answered another challenge than the card's");
    const std::string& ours = code.smdp_address();
    if (!platform::same_ignoring_case(signed1->server_address, ours))
        return not_trusted("the SM-DP+ says that its address is '"
                           + platform::printable(signed1->server_address) + "', and the code says '"
                           + ours + "'");
    auto oid = smdp_oid(offer.server.certificate);
    if (!oid)
        return oid.error();
    std::string_view wanted = code.smdp_oid();
    if (code.has_odd_oid())
        return failure(platform::errc::usage,
            "the activation code's fourth field is '" + platform::printable(wanted)
                + "', where the SM-DP+'s OID belongs, or nothing; ask whoever gave you the code");
    if (!wanted.empty() && *oid != wanted)
        return not_trusted("the SM-DP+'s certificate is for OID '" + *oid + "', and the code says '"
                           + std::string(wanted) + "'");
    auto key = read_only_tlv(offer.server.ci_key, 0x04);
    const auto& known = card.signing_keys;
    bool is_known = key && std::ranges::any_of(known, [&](const bytes& each) {
        return std::ranges::equal(each, key->value);
    });
    if (!is_known && !known.empty())
        return failure(errc::card_not_trusted,
            "the SM-DP+ chose a certificate issuer (CI) that this card does not have");
    return {};
}

result<void> check_package(byte_view package, const profile_metadata& agreed)
{
    auto inside = read_metadata(metadata_in(package));
    if (inside && is_same_offer(*inside, agreed))
        return {};
    return failure(
        errc::metadata_mismatch, "the package holds another profile than the one offered");
}

}  // namespace agent::lpa
