#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es9.hpp"
#include "agent/lpa/types.hpp"

namespace agent::lpa {

// What an LPA itself must check in a download; the card checks the signatures.

/// Before the card signs anything (SGP.22, 3.1.2): the SM-DP+ signed the transaction that it names,
/// this card's challenge and the address in the code; its certificate has the OID in the code, if
/// there is one; the issuer it chose is one that the card can sign for. Fails with
/// errc::smdp_not_trusted, card_not_trusted or malformed_es9.
result<void> check_server(const authentication_offer& offer, byte_view challenge,
    const activation_code& code, const euicc_info& card);

/// Before a package is loaded: the metadata in it, which are signed and not encrypted, are those
/// that were agreed to. Fails with errc::metadata_mismatch.
result<void> check_package(byte_view package, const profile_metadata& agreed);

}  // namespace agent::lpa
