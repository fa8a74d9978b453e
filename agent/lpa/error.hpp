#pragma once

#include "platform/failure.hpp"

namespace agent::lpa {

/// What can come of an eSIM operation, each value named for what the caller does about it.
enum class errc {
    malformed_tlv = 1,       // not what SGP.22 says: the card's or the server's fault
    malformed_es9,           // the same of an ES9+ answer
    bad_package,             // a package that is badly put together; its order has ended
    metadata_mismatch,       // it holds another profile than was agreed to; its order has ended
    code_refused,            // the activation code is wrong, used, or of another device: a new one
    order_problem,           // something about the order: its seller has to fix it
    not_released,            // the profile is not ready yet: later
    confirmation_needed,     // a confirmation code is needed: ask for it
    confirmation_wrong,      // it was wrong: ask again, count
    confirmation_exhausted,  // too often: a new code
    no_memory,               // the card is full: delete a profile
    already_on_card,         // this ICCID is on the card: nothing to install
    card_not_trusted,        // card or SM-DP+ do not accept the other's certificates
    smdp_not_trusted,        // the SM-DP+ is not the one that the code names
    device_not_eligible,     // not for this kind of device
    server_problem,          // the SM-DP+ is at fault; may pass
    session_lost,            // the SM-DP+ or card forgot the session: begin again
    rules_not_allowed,       // the card does not allow the profile's policy rules
    declined,                // the user did not want it
    install_failed,          // the card could not install it
    cat_busy,                // the card is in the middle of something: later, after a reset
    no_such_profile,         // no profile of that ICCID on the card
    wrong_state,             // enabled already, or disabled already
    not_allowed,             // a policy rule of the profile forbids it
    no_such_notification,    // none of that number on the card
    card_problem,            // an undefined error of the card
    outcome_unknown,         // it may have been installed: look at the card first
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::lpa

template <>
struct boost::system::is_error_code_enum<agent::lpa::errc> : std::true_type {
};
