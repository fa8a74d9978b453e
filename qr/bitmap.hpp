#pragma once

#include "qr/matrix.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qr {

/// A picture of black and white pixels: a screen, a label, a receipt.
class bitmap {
public:
    /// All white.
    bitmap(int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    /// True for a black pixel; what is outside is white.
    bool is_black(int x, int y) const;
    /// Blackens a rectangle, as far as it lies inside.
    void fill(int x, int y, int width, int height);

    /// A QR code with its quiet zone, `scale` pixels a module.
    void draw(const matrix& code, int x, int y, int scale);

    /// Turned clockwise by 90 degrees, so often.
    bitmap turned(int quarters) const;
    /// Rows of a 1-bit image, most significant bit first, 1 is black, each row padded to a byte.
    std::string packed_rows() const;

private:
    int width_;
    int height_;
    std::vector<std::uint8_t> black_;
};

/// Whole pixels a module so that the code with its quiet zone is as close to `pixels` on a side as
/// it can be without being larger; at least 1.
int scale_for(const matrix& code, int pixels);

/// A QR code alone, with its quiet zone, `scale` pixels a module.
bitmap to_bitmap(const matrix& code, int scale);

/// A binary PBM (Netpbm "P4").
std::string to_pbm(const bitmap& picture);

}  // namespace qr
