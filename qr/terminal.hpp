#pragma once

#include "qr/matrix.hpp"

#include <string>

namespace qr {

/// Two modules a character cell, in UTF-8 half blocks: full_size() columns, half as many lines.
/// Black on white by explicit colours, so that it scans on dark and on light terminals.
std::string to_utf8(const matrix& code);

/// Two blanks a module on coloured background (ECMA-48 SGR), for terminals without UTF-8:
/// 2 * full_size() columns, full_size() lines.
std::string to_ansi(const matrix& code);

/// Two characters a module, ASCII without colours. Consoles show light text on a dark ground,
/// so the *light* modules are printed, as "##": there it reads dark on light, as scanners need.
std::string to_ascii(const matrix& code);

}  // namespace qr
