#pragma once

#include "agent/base/json.hpp"
#include "platform/clock.hpp"
#include "platform/failure.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agent::cli {

/// Writes lines to standard output, made safe to show (platform::printable_lines()). Whether it
/// arrived is asked of output_failure().
void print(std::string_view text);
/// The same as it is: for pictures, and what steers the terminal on purpose.
void print_raw(std::string_view octets);

/// Writes what is buffered now, for long listings. False if output was lost: stop then.
bool flush_output();

/// Flushes standard output; what was lost of all that was printed, if anything.
std::optional<platform::failure> output_failure();

/// platform::printable(), cut or padded with blanks to `width` characters (UTF-8 code points); the
/// last character of a text that was cut is "~".
std::string cell(std::string_view text, std::size_t width);

/// A line in as many as it takes, of at most `columns` less one, broken at blanks; all but the
/// first begin with `indent` blanks.
std::vector<std::string> wrapped(std::string line, std::size_t indent, int columns);

/// A line as `descriptor` takes it, with its end: wrapped() where that is a terminal, whole where
/// it is a program.
std::string fitted(std::string line, std::size_t indent, int descriptor);

/// "2025-03-02 09:15 CET", in this device's time zone.
std::string local_time(platform::timestamp time);

/// A number with at most three decimals and no trailing zeros: "3.41", "3072".
std::string decimal(double value);

}  // namespace agent::cli
