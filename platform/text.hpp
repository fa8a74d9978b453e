#pragma once

#include <string>
#include <string_view>

namespace platform {

/// Text from outside, made safe to show: control characters (C0, DEL, C1) and bytes that are
/// not UTF-8 become "?". So no server steers the terminal, and JSON stays JSON.
std::string printable(std::string_view text);

// Letters here are ASCII's, whatever the locale: host names, header fields, states, UUIDs.
char lower(char letter);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool same_ignoring_case(std::string_view left, std::string_view right);
bool starts_with_ignoring_case(std::string_view text, std::string_view start);

/// The first bytes of a UTF-8 text, at most `size`, cut between characters.
std::string_view cut(std::string_view text, std::size_t size);

}  // namespace platform
