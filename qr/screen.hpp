#pragma once

#include "qr/bitmap.hpp"

#include <optional>
#include <string>
#include <vector>

namespace qr {

/// What a screen without a browser shows.
struct screen_content {
    std::string title{};
    std::optional<matrix> code{};
    std::string state{};              // large, where there is no code
    std::vector<std::string> more{};  // what to do then
};

/// As large as it fits: the title, the code with its quiet zone in whole pixels a module, the
/// state.
bitmap to_screen(const screen_content& what, int width, int height);

/// A receipt: the title, the code, and lines of text. `width` in dots, 384 for paper of 58 mm, 576
/// for 80 mm; as high as it needs to be.
bitmap to_receipt(
    const std::string& title, const matrix& code, const std::vector<std::string>& lines, int width);

}  // namespace qr
