#pragma once

#include "qr/matrix.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace qr {

/// An SVG of one path on a white ground: one unit a module, crisp edges, `title` and
/// `description` (UTF-8) for screen readers. Never put the code itself there.
std::string to_svg(const matrix& code, std::string_view title, std::string_view description);

/// What a label has beside its code, one line each.
struct label {
    matrix code;
    std::vector<std::string> lines{};
};

/// How many labels are on a page of A4: three across and eight down, of 70 by 37 mm.
constexpr std::size_t labels_a_page = 24;

/// A page of at most labels_a_page labels, in millimetres: to be printed as it is.
std::string to_sheet(const std::vector<label>& labels);

}  // namespace qr
