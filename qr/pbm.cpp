#include "qr/pbm.hpp"

#include <algorithm>

namespace qr {

int scale_for(const matrix& code, int pixels)
{
    return std::max(1, pixels / code.full_size());
}

std::string packed_rows(const matrix& code, int scale)
{
    int side = code.full_size() * scale;
    std::string out;
    for (int y = -quiet_zone; y < code.size() + quiet_zone; ++y) {
        std::string row(static_cast<std::size_t>((side + 7) / 8), '\0');
        for (int pixel = 0; pixel < side; ++pixel) {
            char& byte = row[static_cast<std::size_t>(pixel / 8)];
            if (code.is_dark(pixel / scale - quiet_zone, y))
                byte = static_cast<char>(byte | 0x80 >> pixel % 8);
        }
        for (int i = 0; i < scale; ++i)
            out += row;
    }
    return out;
}

std::string to_pbm(const matrix& code, int scale)
{
    std::string side = std::to_string(code.full_size() * scale);
    return "P4\n" + side + " " + side + "\n" + packed_rows(code, scale);
}

}  // namespace qr
