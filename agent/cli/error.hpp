#pragma once

#include "platform/failure.hpp"

namespace agent::cli {

/// What can come of asking this device's daemon.
enum class errc {
    daemon_silent = 1,  // it accepts, and does not answer
    daemon_garbled,     // it answers, and that makes no sense
    daemon_forbids,     // this user may not ask it
    reports_wait,       // some reports could not be delivered now
    daemon_absent,      // none runs, and nothing is done without it
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::cli

template <>
struct boost::system::is_error_code_enum<agent::cli::errc> : std::true_type {
};
