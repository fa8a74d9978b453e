#pragma once

#include "platform/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace agent::gigastore {

/// Reads an ISO 8601 date and time with 0 to 9 fraction digits (of which 6 count) and "Z" or an
/// offset, as the API gives them; nothing if it is something else.
std::optional<platform::timestamp> parse_time(std::string_view text);

/// "2025-03-02T08:15:04Z", with a fraction only if there is one.
std::string to_iso(platform::timestamp time);

/// Reads "2025-03-02"; gives its midnight in UTC, or nothing if there is no such day.
std::optional<platform::timestamp> parse_date(std::string_view text);

}  // namespace agent::gigastore
