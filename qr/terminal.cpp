#include "qr/terminal.hpp"

namespace qr {

std::string to_utf8(const matrix& code)
{
    std::string out;
    for (int y = -quiet_zone; y < code.size() + quiet_zone; y += 2) {
        out += "\033[30;107m";
        bool is_on_black = false;
        for (int x = -quiet_zone; x < code.size() + quiet_zone; ++x) {
            bool upper = code.is_dark(x, y);
            bool lower = code.is_dark(x, y + 1);
            // Full cells are blanks on black: many fonts' full block leaves seams between lines.
            bool is_full = upper && lower;
            if (is_full != is_on_black)
                out += is_full ? "\033[40m" : "\033[107m";
            is_on_black = is_full;
            out += upper == lower ? " " : upper ? "\u2580" : "\u2584";
        }
        out += "\033[0m\n";
    }
    return out;
}

std::string to_ansi(const matrix& code)
{
    std::string out;
    for (int y = -quiet_zone; y < code.size() + quiet_zone; ++y) {
        int shown = -1;
        for (int x = -quiet_zone; x < code.size() + quiet_zone; ++x) {
            int dark = code.is_dark(x, y) ? 1 : 0;
            if (dark != shown)
                out += dark == 1 ? "\033[40m" : "\033[107m";
            shown = dark;
            out += "  ";
        }
        out += "\033[0m\n";
    }
    return out;
}

std::string to_ascii(const matrix& code)
{
    std::string out;
    for (int y = -quiet_zone; y < code.size() + quiet_zone; ++y) {
        for (int x = -quiet_zone; x < code.size() + quiet_zone; ++x)
            out += code.is_dark(x, y) ? "  " : "##";
        out += '\n';
    }
    return out;
}

}  // namespace qr
