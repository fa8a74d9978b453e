#pragma once

#include "qr/matrix.hpp"

#include <string>

namespace qr {

/// A 1-bit greyscale PNG of `scale` pixels a module, quiet zone included.
std::string to_png(const matrix& code, int scale);

}  // namespace qr
