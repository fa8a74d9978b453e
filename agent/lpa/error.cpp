#include "agent/lpa/error.hpp"

namespace agent::lpa {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry lpa_entries[] = {
    {errc::malformed_tlv, failure_class::card, "malformed_answer",
        "data that is not as SGP.22 says",
        "Take the card out and in, or reset the modem; if it stays, it is no eUICC for consumers."},
    {errc::malformed_es9, failure_class::may_pass, "malformed_answer",
        "an answer of the SM-DP+ that is not as SGP.22 says",
        "Try again; if it stays, tell the seller of the code that its SM-DP+ misbehaves."},
    {errc::bad_package, failure_class::refused, "bad_package",
        "a package that is badly put together",
        "Nothing was installed, and the order has ended: ask the seller for a new code."},
    {errc::metadata_mismatch, failure_class::refused, "metadata_mismatch",
        "not the profile that was agreed to",
        "Nothing was installed, and the order has ended: ask the seller for a new code, and why."},
    {errc::code_refused, failure_class::refused, "code_refused",
        "the SM-DP+ refuses the activation code",
        "Ask the seller for a new code; check that this one is for this device."},
    {errc::order_problem, failure_class::refused, "order_refused", "the SM-DP+ refuses the order",
        "Tell the seller the two codes; only the seller can fix the order."},
    {errc::not_released, failure_class::may_pass, "not_released", "the profile is not ready",
        "Try again later; the seller has not released the profile yet."},
    {errc::confirmation_needed, failure_class::confirmation, "confirmation_needed",
        "a confirmation code is needed",
        "Run it again and type it in when asked, or give --confirmation-code-file FILE."},
    {errc::confirmation_wrong, failure_class::confirmation, "confirmation_wrong",
        "the confirmation code is wrong",
        "Check the confirmation code with whoever gave it; after a few wrong ones the order ends."},
    {errc::confirmation_exhausted, failure_class::refused, "confirmation_exhausted",
        "too many wrong confirmation codes", "Ask the seller for a new code."},
    {errc::no_memory, failure_class::card, "no_memory", "the eUICC is full",
        "Delete a profile that is not needed ('esim-agent profile list'), then try again; if the "
        "code is refused then, ask the seller for a new one."},
    {errc::already_on_card, failure_class::nothing_to_do, "already_installed",
        "the profile is on the card already"},
    {errc::card_not_trusted, failure_class::refused, "card_not_trusted",
        "eUICC and SM-DP+ do not trust each other",
        "This eUICC and this operator do not fit: test cards need test codes, and the other way "
        "round."},
    {errc::smdp_not_trusted, failure_class::refused, "smdp_not_trusted",
        "the SM-DP+ could not prove who it is",
        "Nothing was installed. Somebody may be in between: check the code, try another network, "
        "tell the seller."},
    {errc::device_not_eligible, failure_class::refused, "device_not_eligible",
        "not for this kind of device",
        "Ask the seller for a profile for this device; <modem imei=\"...\"/> tells which it is."},
    {errc::server_problem, failure_class::may_pass, "server_trouble", "the SM-DP+ has a problem",
        "Try again in a few minutes; if it stays, tell the seller."},
    {errc::session_lost, failure_class::may_pass, "session_lost",
        "the session with the SM-DP+ was lost", "Try again; the code can still be used."},
    {errc::rules_not_allowed, failure_class::refused, "rules_not_allowed",
        "the card does not allow the profile's rules",
        "Nothing was installed, and the SM-DP+ knows why. Ask the seller for a profile without "
        "these rules."},
    {errc::declined, failure_class::interrupted, "declined", "not installed"},
    {errc::install_failed, failure_class::refused, "install_failed",
        "the card could not install the profile",
        "Try once more; if it fails again, or the code is refused then, ask the seller for a new "
        "one."},
    {errc::cat_busy, failure_class::card, "card_busy", "the card is busy",
        "Reset the modem (AT+CFUN=1,1, or take the power away), then try again."},
    {errc::no_such_profile, failure_class::not_found, "not_found", "no such profile",
        "'esim-agent profile list' shows what is on the card."},
    {errc::wrong_state, failure_class::wrong_state, "wrong_state",
        "the profile is not in the state for that",
        "An enabled profile has to be disabled first: 'esim-agent profile disable ICCID'."},
    {errc::not_allowed, failure_class::forbidden, "not_allowed", "the profile forbids it",
        "The operator forbids it on this card; ask the operator."},
    {errc::no_such_notification, failure_class::not_found, "not_found", "no such notification",
        "'esim-agent notification list' shows those there are."},
    {errc::card_problem, failure_class::card, "card_problem", "the card has a problem",
        "Take the card out and in, or reset the modem, then try again."},
    {errc::outcome_unknown, failure_class::unknown, "outcome_unknown",
        "it is not known whether the profile was installed",
        "Run the same command again once the card answers: it looks at the card first, and never "
        "installs twice. 'esim-agent profile list' shows what is there."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"eSIM", lpa_entries, true};
    return room;
}

}  // namespace agent::lpa
