#pragma once

#include "platform/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platform {

/// Reads an ISO 8601 date and time with 0 to 9 fraction digits (of which 6 count) and "Z" or an
/// offset, as the API gives them; nothing if it is something else.
std::optional<timestamp> parse_time(std::string_view text);

/// "2025-03-02T08:15:04.070000Z" (RFC 3339): always six fraction digits, so that times sort as
/// text.
std::string to_iso(timestamp time);

/// Reads "2025-03-02"; gives its midnight in UTC, or nothing if there is no such day.
std::optional<timestamp> parse_date(std::string_view text);

}  // namespace platform
