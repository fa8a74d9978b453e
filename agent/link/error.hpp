#pragma once

#include "platform/failure.hpp"

namespace agent::link {

/// What is wrong with links that are given away.
enum class errc {
    no_room = 1,  // as many are out as may be
    none,         // there is no link of that id
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::link

template <>
struct boost::system::is_error_code_enum<agent::link::errc> : std::true_type {
};
