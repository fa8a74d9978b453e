#include "qr/escpos.hpp"

#include <algorithm>

namespace qr {

int dots_across(int paper_millimetres)
{
    return paper_millimetres < 80 ? 384 : 576;
}

std::string to_escpos(const bitmap& picture)
{
    constexpr int band = 256;
    std::string rows = picture.packed_rows();
    auto row_size = static_cast<std::size_t>((picture.width() + 7) / 8);
    std::string out = "\x1b@";
    for (int y = 0; y < picture.height(); y += band) {
        auto count = static_cast<std::size_t>(std::min(band, picture.height() - y));
        out += std::string("\x1dv0\0", 4);
        for (std::size_t number : {row_size, count}) {
            out += static_cast<char>(number & 0xFF);
            out += static_cast<char>(number >> 8);
        }
        out += rows.substr(static_cast<std::size_t>(y) * row_size, count * row_size);
    }
    out += std::string("\x1b"
                       "d\x04");           // clear of the blade
    out += std::string("\x1dV\x42\0", 4);  // a partial cut
    return out;
}

}  // namespace qr
