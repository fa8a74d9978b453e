#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/tlv.hpp"
#include "agent/lpa/types.hpp"

#include <string_view>

namespace agent::lpa {

// ES10a, ES10b and ES10c commands as octets, and what their answers say (SGP.22, 5.7; the section
// is in brackets). No I/O. Every read_ function fails with errc::malformed_tlv.

/// CancelSessionReason (5.7.14).
enum class cancel_reason {
    end_user_rejection = 0,
    postponed = 1,
    timeout = 2,
    rules_not_allowed = 3,
    metadata_mismatch = 4,
    load_error = 5,
};

bytes get_eid();                        // [5.7.20]
bytes get_euicc_info1();                // [5.7.8]
bytes get_euicc_info2();                // [5.7.8]
bytes get_euicc_challenge();            // [5.7.7]
bytes get_configured_addresses();       // [5.7.3]
bytes get_rules_authorisation_table();  // [5.7.22]
/// Without icons, or all that the card has where it refuses a list of tags [5.7.15].
bytes get_profiles(bool with_list = true);
bytes list_notifications();                           // [5.7.9]
bytes retrieve_notification(std::uint64_t sequence);  // [5.7.10]
bytes remove_notification(std::uint64_t sequence);    // [5.7.11]
/// A profile by its ICCID, or by the AID of its ISD-P [5.7.16, 5.7.17].
bytes enable_profile(const iccid& which, bool refresh);
bytes enable_profile(byte_view isdp_aid, bool refresh);
bytes disable_profile(const iccid& which, bool refresh);
bytes disable_profile(byte_view isdp_aid, bool refresh);
bytes delete_profile(const iccid& which);                              // [5.7.18]
bytes set_nickname(const iccid& which, std::string_view name);         // [5.7.21]
bytes cancel_session(byte_view transaction_id, cancel_reason reason);  // [5.7.14]

/// What AuthenticateServer passes on: all but ctxParams1 as the SM-DP+ gave it.
struct server_authentication {
    bytes signed1{};
    bytes signature1{};
    bytes ci_key{};
    bytes certificate{};
};
bytes authenticate_server(const server_authentication& server, std::string_view matching_id,
    std::string_view imei, const device_capabilities& has);  // [5.7.13]

/// What PrepareDownload passes on.
struct download_offer {
    bytes signed2{};
    bytes signature2{};
    bytes certificate{};
};
/// `hashed_code` is empty without a confirmation code.
bytes prepare_download(const download_offer& offer, byte_view hashed_code);  // [5.7.5]

/// The hash of a confirmation code: SHA-256 of its SHA-256 and the transaction id [5.7.5].
bytes hash_confirmation_code(std::string_view code, byte_view transaction_id);

result<std::string> read_eid(byte_view answer);
result<euicc_info> read_euicc_info(byte_view answer);  // of either kind
result<bytes> read_challenge(byte_view answer);
result<configured_addresses> read_configured_addresses(byte_view answer);
result<std::vector<authorisation_rule>> read_rules_authorisation_table(byte_view answer);
/// One odd entry does not take the others with it: see is_odd.
result<std::vector<profile>> read_profiles(byte_view answer);
result<std::vector<notification>> read_notifications(byte_view answer);
/// Fails with errc::no_such_notification if the list is empty.
result<pending_notification> read_pending_notification(byte_view answer);
/// The metadata as authenticateClient gives it (BF25).
result<profile_metadata> read_metadata(byte_view data);
/// Nothing if `answer` is no ProfileInstallationResult (BF37).
std::optional<installation_result> read_installation_result(byte_view answer);
/// The result code that a command's answer `tag` holds; 0 is ok.
result<int> read_result_code(byte_view answer, std::uint32_t tag);

/// The session as serverSigned1 has it (5.6.1).
struct signed_session {
    bytes transaction_id{};
    bytes euicc_challenge{};
    std::string server_address{};
};
result<signed_session> read_server_signed1(byte_view data);

/// smdpSigned2 (5.6.3).
struct signed_offer {
    bytes transaction_id{};
    bool needs_confirmation_code = false;
};
result<signed_offer> read_smdp_signed2(byte_view data);

/// Nothing if the card agreed; else why not: AuthenticateServer's, PrepareDownload's answer.
result<void> check_authenticate_answer(byte_view answer);
result<void> check_prepare_answer(byte_view answer);
result<void> check_cancel_answer(byte_view answer);

/// True if both describe the same profile, with the same rules.
bool is_same_offer(const profile_metadata& one, const profile_metadata& two);

/// True if the card's table allows all rules of `wanted` for an operator; `needs_consent` is set
/// if the user has to agree (2.9.2.4).
bool are_rules_allowed(const std::vector<authorisation_rule>& table, const policy_rules& wanted,
    const operator_id& owner, bool& needs_consent);

}  // namespace agent::lpa
