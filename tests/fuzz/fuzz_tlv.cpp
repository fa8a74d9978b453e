// Any bytes as what a card answers, and as what an SM-DP+ sends in base64.
#include "agent/lpa/bound_profile_package.hpp"
#include "agent/lpa/certificate.hpp"
#include "agent/lpa/es10.hpp"

#include <cstdint>

using namespace agent::lpa;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    byte_view input{data, size};
    (void)check_tlvs(input);
    (void)read_eid(input);
    (void)read_euicc_info(input);
    (void)read_challenge(input);
    (void)read_configured_addresses(input);
    auto table = read_rules_authorisation_table(input);
    bool consent = false;
    if (table)
        (void)are_rules_allowed(*table, {.forbids_disable = true, .forbids_delete = true},
            {.mcc_mnc = {data, data + size}}, consent);
    (void)read_profiles(input);
    (void)read_notifications(input);
    (void)read_pending_notification(input);
    (void)read_installation_result(input);
    (void)read_metadata(input);
    (void)read_server_signed1(input);
    (void)read_smdp_signed2(input);
    (void)check_authenticate_answer(input);
    (void)check_prepare_answer(input);
    (void)check_cancel_answer(input);
    (void)read_result_code(input, 0xbf31);
    (void)smdp_oid(input);
    (void)metadata_in(input);
    auto segments = segments_of(input);
    if (!segments)
        return 0;
    std::size_t sum = 0;
    for (byte_view each : *segments)
        sum += each.size();
    if (sum != size)  // nothing of a package is left out, and nothing sent twice
        __builtin_trap();
    return 0;
}
