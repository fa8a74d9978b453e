#pragma once

#include "qr/bitmap.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qr {

/// GNU Unifont's height of a glyph, in pixels.
constexpr int glyph_height = 16;

/// A character's picture: rows from above, the leftmost pixel in the highest bit.
struct glyph {
    std::uint16_t code;
    std::uint8_t width;  // 8 or 16
    std::uint16_t rows[glyph_height];
};

/// The glyph of a character; that of U+FFFD for one that is not built in. There are Latin's, and
/// those of the kiosk's texts.
const glyph& glyph_of(char32_t letter);

/// The characters of a UTF-8 text from left to right (Unicode's bidirectional algorithm, UAX 9, by
/// libfribidi), Arabic letters in the forms in which they join.
std::vector<char32_t> in_visual_order(std::string_view text);

/// Draws a line of text, `scale` times 16 pixels high.
void draw_text(bitmap& into, std::string_view text, int x, int y, int scale);

/// How wide a text is at scale 1.
int text_width(std::string_view text);

/// The text in lines that are `width` at most, broken at blanks, or between ideographs.
std::vector<std::string> wrap(std::string_view text, int width);

}  // namespace qr
