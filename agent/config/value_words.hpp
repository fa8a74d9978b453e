#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/error.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What the readers of values share (values.cpp, modem_values.cpp).

namespace agent::values {

inline failure bad_value(std::string why)
{
    return {platform::errc::configuration, std::move(why)};
}

/// One of the words of an enum, in the order of its values.
template <class Enum, std::size_t Size>
result<Enum> one_of(std::string_view value, const std::array<const char*, Size>& names,
    const char* otherwise, std::size_t first = 0)
{
    for (std::size_t i = first; i < Size; ++i)
        if (value == names[i])
            return static_cast<Enum>(i);
    return bad_value(otherwise);
}

/// The same, for a value that may be absent.
template <class T>
result<std::optional<T>> maybe(result<T> value)
{
    return value ? result<std::optional<T>>(std::move(*value)) : value.error();
}

}  // namespace agent::values
