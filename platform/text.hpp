#pragma once

#include <string>
#include <string_view>

namespace platform {

/// Text from outside, made safe to show: control characters (C0, DEL, C1), what turns or hides text
/// (bidirectional marks, zero-width characters, U+2028, U+2029) and bytes that are not UTF-8 become
/// "?". So no server steers the terminal, or makes people read what is not there.
std::string printable(std::string_view text);

/// True if printable() would leave it as it is.
bool is_printable(std::string_view text);

/// printable() for a text of several lines.
std::string printable_lines(std::string_view text);

/// A JSON document with those characters escaped (RFC 8259, 7), so that it is safe to show and
/// says the same.
std::string escaped_json(std::string_view json);

/// How many octets the character at the front has if it cannot be seen, or turns text: those of
/// printable() but controls, and the no-break space; 0 if it can.
std::size_t hidden_length(std::string_view text);

/// Without blanks, tabs and line ends around it.
std::string_view trim(std::string_view text);

// Letters here are ASCII's, whatever the locale: host names, header fields, states, UUIDs.
char lower(char letter);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool same_ignoring_case(std::string_view left, std::string_view right);
bool starts_with_ignoring_case(std::string_view text, std::string_view start);

/// The first bytes of a UTF-8 text, at most `size`, cut between characters.
std::string_view cut(std::string_view text, std::size_t size);

}  // namespace platform
