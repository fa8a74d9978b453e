#pragma once

#include "qr/bitmap.hpp"

#include <string>

namespace qr {

/// Dots across on paper of so many millimetres at 203 dpi: 384 for 58, 576 for 80.
int dots_across(int paper_millimetres);

/// What prints a picture on a receipt printer and cuts it off (Epson ESC/POS: ESC @, GS v 0 in
/// bands of at most 256 rows, so that small buffers hold them, ESC d, GS V).
std::string to_escpos(const bitmap& picture);

}  // namespace qr
