#include "qr/bitmap.hpp"

#include <algorithm>

namespace qr {

bitmap::bitmap(int width, int height)
    : width_(std::max(width, 0))
    , height_(std::max(height, 0))
    , black_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_))
{
}

bool bitmap::is_black(int x, int y) const
{
    bool is_inside = x >= 0 && y >= 0 && x < width_ && y < height_;
    auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
    return is_inside && black_[row + static_cast<std::size_t>(x)] != 0;
}

void bitmap::fill(int x, int y, int width, int height)
{
    int left = std::clamp(x, 0, width_);
    int right = std::clamp(x + width, left, width_);
    for (int row = std::max(y, 0); row < std::min(y + height, height_); ++row) {
        auto begin = black_.begin() + static_cast<std::ptrdiff_t>(row) * width_;
        std::fill(begin + left, begin + right, std::uint8_t{1});
    }
}

void bitmap::draw(const matrix& code, int x, int y, int scale)
{
    for (int row = 0; row < code.size(); ++row)
        for (int column = 0; column < code.size(); ++column)
            if (code.is_dark(column, row))
                fill(x + (column + quiet_zone) * scale, y + (row + quiet_zone) * scale, scale,
                    scale);
}

bitmap bitmap::turned(int quarters) const
{
    if (quarters % 4 == 0)
        return *this;
    bitmap out{height_, width_};
    for (int y = 0; y < height_; ++y)
        for (int x = 0; x < width_; ++x)
            if (is_black(x, y))
                out.fill(height_ - 1 - y, x, 1, 1);
    return out.turned(quarters - 1);
}

std::string bitmap::packed_rows() const
{
    std::string out;
    for (int y = 0; y < height_; ++y) {
        std::string row(static_cast<std::size_t>((width_ + 7) / 8), '\0');
        for (int x = 0; x < width_; ++x) {
            char& byte = row[static_cast<std::size_t>(x / 8)];
            if (is_black(x, y))
                byte = static_cast<char>(byte | 0x80 >> x % 8);
        }
        out += row;
    }
    return out;
}

int scale_for(const matrix& code, int pixels)
{
    return std::max(1, pixels / code.full_size());
}

bitmap to_bitmap(const matrix& code, int scale)
{
    bitmap out{code.full_size() * scale, code.full_size() * scale};
    out.draw(code, 0, 0, scale);
    return out;
}

std::string to_pbm(const bitmap& picture)
{
    return "P4\n" + std::to_string(picture.width()) + " " + std::to_string(picture.height()) + "\n"
           + picture.packed_rows();
}

}  // namespace qr
