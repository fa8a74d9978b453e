#pragma once

#include "platform/failure.hpp"

namespace agent::provision {

/// What keeps the device from its wanted eSIM beside what the servers, the card and the modem say.
enum class errc {
    no_uplink = 1,   // no way to the network
    not_registered,  // the modem did not get onto a network with the new profile
    not_online,      // it did, and Gigastore is not reached through it
    wrong_profile,   // the SM-DP+ offers another profile than Gigastore named
    consent_needed,  // the card demands that its owner agrees to the profile's rules
    often_lost,      // it was installed here several times, and is gone again
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::provision

template <>
struct boost::system::is_error_code_enum<agent::provision::errc> : std::true_type {
};
