#pragma once

#include "qr/matrix.hpp"

#include <string>
#include <string_view>

namespace qr {

/// An SVG of one path on a white ground: one unit a module, crisp edges, `title` and
/// `description` (UTF-8) for screen readers. Never put the code itself there.
std::string to_svg(const matrix& code, std::string_view title, std::string_view description);

}  // namespace qr
