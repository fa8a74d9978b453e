#include "agent/meaning.hpp"

#include "agent/base/redact.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/error.hpp"
#include "platform/euicc_channel.hpp"
#include "platform/text.hpp"

#include <boost/asio/error.hpp>

namespace agent {
namespace {

using gigastore::choice_errc;
using net::errc;
using lpa_errc = lpa::errc;
using platform::channel_errc;
using provision_errc = provision::errc;

// What every class of failure means to the caller, in one place.
const meaning meanings[] = {
    {errc::not_found, exit_not_found, "not_found", "Check the identifier."},
    {errc::credentials_refused, exit_credentials, "credentials_refused",
        "Check the files that client-id-file, client-secret-file or bearer-file name, and "
        "that they belong to this URL."},
    {errc::not_allowed, exit_credentials, "not_allowed",
        "Ask whoever gave you the credentials; a device's gateway may allow less than a "
        "reseller's."},
    {errc::rate_limited, exit_may_pass, "rate_limited", "Wait, then try again."},
    {errc::refused, exit_refused, "refused",
        "The server says why; the same again will be refused."},
    {errc::server_trouble, exit_may_pass, "server_trouble", "Try again in a few minutes."},
    {errc::malformed_answer, exit_may_pass, "malformed_answer",
        "Try again; if it stays, check the gigastore url, or look for a newer esim-agent."},
    {errc::proxy_refused, exit_credentials, "proxy_refused",
        "Check user and password of the proxy: its credentials-file, or https_proxy."},
    {errc::captive_portal, exit_may_pass, "captive_portal",
        "Open a web page on this network and log in, or use another network; if there is no "
        "login page, check the gigastore url."},
    {errc::tls, exit_may_pass, "tls",
        "Check the url and the clock; on a guest network, log in to it first; for a server of "
        "your own, set ca-file to its authority. "
        "Verification cannot be switched off."},
    {errc::clock, exit_may_pass, "clock", "Set the clock (date -s, or NTP), then try again."},
    {errc::name_lookup, exit_may_pass, "name_lookup",
        "Check the network and its DNS server (/etc/resolv.conf), and the host in the url."},
    {errc::unreachable, exit_may_pass, "unreachable",
        "Check the network, the proxy if there is one, and the url."},
    {errc::timeout, exit_may_pass, "timeout", "Check the network, then try again."},
    {errc::outcome_unknown, exit_unknown, "outcome_unknown",
        "Look before trying again: 'esim-agent package list' shows what is the case."},
    {choice_errc::none_named, exit_not_found, "not_found", "Name one of these with --iccid."},
    {choice_errc::none_installable, exit_not_found, "not_found",
        "Only a RELEASED eSIM can be installed: a profile that is deleted from its device becomes "
        "RELEASED again; one in ERROR has to be replaced by Gigastore's support."},
    {choice_errc::several, exit_usage, "several", "Name one with --iccid."},
    {choice_errc::unusable, exit_refused, "unusable",
        "Ask Gigastore's support to replace this eSIM."},
    {lpa_errc::malformed_tlv, exit_card, "malformed_answer",
        "Take the card out and in, or reset the modem; if it stays, it is no eUICC for consumers."},
    {lpa_errc::malformed_es9, exit_may_pass, "malformed_answer",
        "Try again; if it stays, tell the seller of the code that its SM-DP+ misbehaves."},
    {lpa_errc::bad_package, exit_refused, "bad_package",
        "Nothing was installed, and the order has ended: ask the seller for a new code."},
    {lpa_errc::metadata_mismatch, exit_refused, "metadata_mismatch",
        "Nothing was installed, and the order has ended: ask the seller for a new code, and why."},
    {lpa_errc::code_refused, exit_refused, "code_refused",
        "Ask the seller for a new code; check that this one is for this device."},
    {lpa_errc::order_problem, exit_refused, "order_refused",
        "Tell the seller the two codes; only the seller can mend the order."},
    {lpa_errc::not_released, exit_may_pass, "not_released",
        "Try again later; the seller has not released the profile yet."},
    {lpa_errc::confirmation_needed, exit_confirmation, "confirmation_needed",
        "Run it again and type it in when asked, or give --confirmation-code-file FILE."},
    {lpa_errc::confirmation_wrong, exit_confirmation, "confirmation_wrong",
        "Check the confirmation code with whoever gave it; after a few wrong ones the order ends."},
    {lpa_errc::confirmation_exhausted, exit_refused, "confirmation_exhausted",
        "Ask the seller for a new code."},
    {lpa_errc::no_memory, exit_card, "no_memory",
        "Delete a profile that is not needed ('esim-agent profile list'), then try again; if the "
        "code is refused then, ask the seller for a new one."},
    {lpa_errc::already_on_card, exit_done, "already_installed", ""},
    {lpa_errc::card_not_trusted, exit_refused, "card_not_trusted",
        "This eUICC and this operator do not fit: test cards need test codes, and the other way "
        "round."},
    {lpa_errc::smdp_not_trusted, exit_refused, "smdp_not_trusted",
        "Nothing was installed. Somebody may be in between: check the code, try another network, "
        "tell the seller."},
    {lpa_errc::device_not_eligible, exit_refused, "device_not_eligible",
        "Ask the seller for a profile for this device; <modem imei=\"...\"/> tells which it is."},
    {lpa_errc::server_problem, exit_may_pass, "server_trouble",
        "Try again in a few minutes; if it stays, tell the seller."},
    {lpa_errc::session_lost, exit_may_pass, "session_lost",
        "Try again; the code can still be used."},
    {lpa_errc::rules_not_allowed, exit_refused, "rules_not_allowed",
        "Nothing was installed, and the SM-DP+ knows why. Ask the seller for a profile without "
        "these rules."},
    {lpa_errc::declined, exit_interrupted, "declined", ""},
    {lpa_errc::install_failed, exit_refused, "install_failed",
        "Try once more; if it fails again, or the code is refused then, ask the seller for a new "
        "one."},
    {lpa_errc::cat_busy, exit_card, "card_busy",
        "Reset the modem (AT+CFUN=1,1, or take the power away), then try again."},
    {lpa_errc::no_such_profile, exit_not_found, "not_found",
        "'esim-agent profile list' shows what is on the card."},
    {lpa_errc::wrong_state, exit_card, "wrong_state",
        "An enabled profile has to be disabled first: 'esim-agent profile disable ICCID'."},
    {lpa_errc::not_allowed, exit_refused, "not_allowed",
        "The operator forbids it on this card; ask the operator."},
    {lpa_errc::no_such_notification, exit_not_found, "not_found",
        "'esim-agent notification list' shows those there are."},
    {lpa_errc::card_problem, exit_card, "card_problem",
        "Take the card out and in, or reset the modem, then try again."},
    {lpa_errc::outcome_unknown, exit_unknown, "outcome_unknown",
        "Run the same command again once the card answers: it looks at the card first, and never "
        "installs twice. 'esim-agent profile list' shows what is there."},
    {provision_errc::no_uplink, exit_may_pass, "no_uplink",
        "Check the cable, the Wi-Fi and the routes (ip route); it goes on by itself."},
    {provision_errc::not_registered, exit_card, "not_registered",
        "Check antenna and coverage, and that the package covers this country."},
    {provision_errc::wrong_profile, exit_refused, "wrong_profile",
        "Tell the seller: code and ICCID of this order do not belong together."},
    {provision_errc::consent_needed, exit_refused, "consent_needed",
        "Install it with a person at the device: 'esim-agent install'."},
    {provision_errc::often_lost, exit_refused, "often_lost",
        "Find out who deletes it; 'esim-agent install' installs it again."},
    {channel_errc::busy, exit_card, "busy", "Wait for it, or end it; then try again."},
    {channel_errc::no_device, exit_card, "no_device",
        "Check <modem channel=\"...\" device=\"...\"/>, the cable, and the rights of this user "
        "(group "
        "dialout for serial ports; pcscd must run for readers)."},
    {channel_errc::silent, exit_card, "silent",
        "Reset the modem or take its power away; if it is still silent, set device to another of "
        "the modem's ports."},
    {channel_errc::refused, exit_card, "refused",
        "Check that a SIM is in and its slot is chosen; some modems need a reset (AT+CFUN=1,1)."},
    {channel_errc::no_application, exit_card, "no_euicc", ""},
    {channel_errc::no_euicc, exit_card, "no_euicc",
        "Check that the card is an eUICC and its slot is chosen; a modem with an LPA of its own "
        "must "
        "let go of it (Quectel: AT+QESIM=\"lpa_enable\",0); a card with another ISD-R needs <modem "
        "aid=\"...\"/>."},
    {channel_errc::card_gone, exit_card, "card_gone", "Put it back, then run the command again."},
    {channel_errc::malformed_answer, exit_card, "malformed_answer",
        "Reset the modem; if that does not help, set device to another of the modem's ports."},
    {channel_errc::card_refused, exit_card, "card_refused",
        "Take the card out and in, or reset the modem, then try again."},
    {asio::error::operation_aborted, exit_interrupted, "interrupted", ""},
    {make_error_code(boost::system::errc::interrupted), exit_interrupted, "interrupted", ""},
    {make_error_code(boost::system::errc::device_or_resource_busy), exit_card, "busy",
        "End it first, or ask it: 'esim-agent status'."},
    {make_error_code(boost::system::errc::address_in_use), exit_card, "busy",
        "End it first, or ask it: 'esim-agent status'."},
    {make_error_code(boost::system::errc::no_space_on_device), exit_internal, "no_space",
        "Free some space, then try again."},
    {make_error_code(boost::system::errc::no_such_file_or_directory), exit_usage, "configuration",
        ""},
    {make_error_code(boost::system::errc::permission_denied), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::is_a_directory), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::not_a_directory), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::timed_out), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::file_too_large), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::invalid_argument), exit_usage, "usage", ""},
    {make_error_code(boost::system::errc::no_message), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::not_connected), exit_usage, "usage", ""},
};

bool is_same(const error_code& left, const error_code& right)
{
    return left == right || left == right.default_error_condition();
}

/// Generic codes only repeat what the detail says already, better.
std::string spoken(const failure& why)
{
    if (why == error_code(asio::error::operation_aborted) && why.detail().empty())
        return "interrupted";
    bool is_spoken = !why.detail().empty()
                     && (why.code().category() == boost::system::generic_category()
                         || why.code().category() == lpa::category());
    if (is_spoken)
        return why.detail();
    bool is_system =
        !why.detail().empty() && why.code().category() == boost::system::system_category();
    return is_system ? why.detail() + ": " + why.code().message() : why.message();
}

}  // namespace

meaning meaning_of(const error_code& code)
{
    for (const meaning& each : meanings)
        if (is_same(code, each.code))
            return each;
    return {};
}

error_code code_named(const std::string& name)
{
    for (const meaning& each : meanings)
        if (name == each.name)
            return each.code;
    return make_error_code(boost::system::errc::state_not_recoverable);
}

std::string words_of(const failure& why)
{
    return platform::printable(redact(spoken(why)));
}

}  // namespace agent
