#pragma once

#include "platform/clock.hpp"

#include <string>
#include <string_view>

namespace agent::cli {

/// Writes to standard output. Whether it arrived is seen once, by finish_output().
void print(std::string_view text);

/// Writes what is buffered now, for long listings.
void flush_output();

/// Flushes standard output; false, with errno set, if anything written to it was lost.
bool finish_output();

/// Text from outside, made safe for a terminal: control characters (C0, DEL, C1) become "?".
std::string printable(std::string_view text);

/// printable(), cut or padded with blanks to `width` characters (UTF-8 code points); the last
/// character of a text that was cut is "~".
std::string cell(std::string_view text, std::size_t width);

/// "2025-03-02 09:15 CET", in this device's time zone.
std::string local_time(platform::timestamp time);

/// A number with at most three decimals and no trailing zeros: "3.41", "3072".
std::string decimal(double value);

}  // namespace agent::cli
