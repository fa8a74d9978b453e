#include "qr/terminal.hpp"

namespace qr {

std::string to_utf8(const matrix& code)
{
    // Upper and lower module of a cell: dark is the foreground.
    constexpr const char* cells[2][2] = {{" ", "\u2584"}, {"\u2580", "\u2588"}};
    std::string out;
    for (int y = -quiet_zone; y < code.size() + quiet_zone; y += 2) {
        out += "\033[30;107m";
        for (int x = -quiet_zone; x < code.size() + quiet_zone; ++x)
            out += cells[code.is_dark(x, y)][code.is_dark(x, y + 1)];
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
