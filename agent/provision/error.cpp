#include "agent/provision/error.hpp"

namespace agent::provision {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry provision_entries[] = {
    {errc::no_uplink, failure_class::may_pass, "no_uplink", "there is no way to the network",
        "Check the cable, the Wi-Fi and the routes (ip route); it goes on by itself."},
    {errc::not_registered, failure_class::card, "not_registered",
        "the modem did not register with the new profile",
        "Check antenna and coverage, and that the package covers this country."},
    {errc::not_online, failure_class::may_pass, "not_online",
        "Gigastore is not reached through the modem",
        "Check the APN, that roaming is allowed and that data is left; <data> and the modem's "
        "interface are in esim-agent.xml(5)."},
    {errc::wrong_profile, failure_class::refused, "wrong_profile",
        "the SM-DP+ offers another profile than Gigastore named",
        "Tell the seller: code and ICCID of this order do not belong together."},
    {errc::consent_needed, failure_class::refused, "consent_needed",
        "the card demands its owner's consent",
        "Install it with a person at the device: 'esim-agent install'."},
    {errc::often_lost, failure_class::refused, "often_lost",
        "the profile was installed here before, and is gone again",
        "Find out who deletes it; 'esim-agent install' installs it again."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"provision", provision_entries};
    return room;
}

}  // namespace agent::provision
