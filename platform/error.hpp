#pragma once

#include "platform/failure.hpp"

namespace platform {

/// What is wrong on this side: with what was asked, what was configured, or this machine.
enum class errc {
    usage = 1,      // what was asked for makes no sense
    configuration,  // what is configured does not, or a file that it names
    declined,       // somebody was asked, and said no
    no_terminal,    // there is nobody to ask
    in_use,         // another esim-agent has it
    damaged,        // a file of ours does not hold what was written
    not_durable,    // it is done, but a disk does not take it
    output_stuck,   // a printer or device takes nothing
    too_long,       // the text fits into no QR
};

const error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace platform

template <>
struct boost::system::is_error_code_enum<platform::errc> : std::true_type {
};
