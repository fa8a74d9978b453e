#pragma once

#include "platform/failure.hpp"

namespace agent::esim {

/// What is wrong with an order or an installer, beside what Gigastore, SM-DP+ and card say.
enum class errc {
    code_unreadable = 1,  // Gigastore gives a code that is none, or that no QR can show
    hook_trouble,         // the program that installs did not do its part
    not_by_hook,          // it has no part in this
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::esim

template <>
struct boost::system::is_error_code_enum<agent::esim::errc> : std::true_type {
};
