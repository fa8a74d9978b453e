#include "tests/support/decode.hpp"

#include "tests/support/program.hpp"
#include "tests/support/temporary.hpp"

#include <algorithm>
#include <stdexcept>

namespace tests {
namespace {

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> out;
    for (std::size_t start = 0; start < text.size();) {
        auto end = std::min(text.find('\n', start), text.size());
        out.push_back(text.substr(start, end - start));
        if (out.back().ends_with('\r'))
            out.back().pop_back();
        start = end + 1;
    }
    return out;
}

/// Takes `what` off the front of `line` if it stands there.
bool take(std::string& line, const std::string& what)
{
    if (!line.starts_with(what))
        return false;
    line.erase(0, what.size());
    return true;
}

void require(bool holds, const char* what)
{
    if (!holds)
        throw std::runtime_error(what);
}

}  // namespace

grid grid_from_utf8(const std::string& text)
{
    grid out;
    for (std::string line : lines_of(text)) {
        require(take(line, "\033[30;107m"), "black on white must be set on each line");
        std::vector<bool> upper;
        std::vector<bool> lower;
        bool is_on_black = false;
        while (!take(line, "\033[0m")) {
            bool is_change = take(line, is_on_black ? "\033[107m" : "\033[40m");
            is_on_black = is_on_black != is_change;
            if (is_change)
                continue;
            bool is_blank = take(line, " ");
            bool is_upper = !is_blank && take(line, "\u2580");
            bool is_lower = !is_blank && !is_upper && take(line, "\u2584");
            require(
                is_blank || (!is_on_black && (is_upper || is_lower)), "not a half block on white");
            upper.push_back(is_upper || (is_blank && is_on_black));
            lower.push_back(is_lower || (is_blank && is_on_black));
        }
        require(line.empty(), "nothing may follow the reset");
        out.push_back(upper);
        out.push_back(lower);
    }
    return out;
}

grid grid_from_ansi(const std::string& text)
{
    grid out;
    for (std::string line : lines_of(text)) {
        std::vector<bool> row;
        bool is_dark = false;
        bool is_set = false;
        while (!take(line, "\033[0m")) {
            if (take(line, "\033[40m")) {
                is_dark = is_set = true;
            } else if (take(line, "\033[107m")) {
                is_dark = false;
                is_set = true;
            } else {
                require(is_set && take(line, "  "), "two blanks on a colour make a module");
                row.push_back(is_dark);
            }
        }
        out.push_back(row);
    }
    return out;
}

grid grid_from_ascii(const std::string& text)
{
    grid out;
    for (std::string line : lines_of(text)) {
        std::vector<bool> row;
        while (!line.empty()) {
            bool is_light = take(line, "##");
            require(is_light || take(line, "  "), "two characters make a module");
            row.push_back(!is_light);
        }
        out.push_back(row);
    }
    return out;
}

grid grid_from_pbm(const std::string& image)
{
    require(image.starts_with("P4\n"), "not a binary PBM");
    auto line_end = image.find('\n', 3);
    std::size_t side = std::stoul(image.substr(3, line_end - 3));
    std::size_t stride = (side + 7) / 8;
    require(image.size() == line_end + 1 + side * stride, "the PBM has the wrong size");
    grid out(side, std::vector<bool>(side));
    for (std::size_t y = 0; y < side; ++y)
        for (std::size_t x = 0; x < side; ++x) {
            auto byte = static_cast<unsigned char>(image[line_end + 1 + y * stride + x / 8]);
            out[y][x] = (byte >> (7 - x % 8) & 1) != 0;
        }
    return out;
}

int quiet_zone_of(const grid& drawn, int scale)
{
    auto height = static_cast<int>(drawn.size());
    int least = height;
    for (int y = 0; y < height; ++y) {
        const auto& row = drawn[static_cast<std::size_t>(y)];
        auto width = static_cast<int>(row.size());
        for (int x = 0; x < width; ++x)
            if (row[static_cast<std::size_t>(x)])
                least = std::min({least, x, y, width - 1 - x, height - 1 - y});
    }
    return least / scale;
}

std::string pbm_of(const grid& drawn, int scale)
{
    std::string header =
        "P1\n" + std::to_string(drawn.front().size() * static_cast<std::size_t>(scale)) + " "
        + std::to_string(drawn.size() * static_cast<std::size_t>(scale)) + "\n";
    std::string out = header;
    for (const auto& row : drawn) {
        std::string line;
        for (bool is_dark : row)
            line += std::string(static_cast<std::size_t>(scale), is_dark ? '1' : '0');
        for (int i = 0; i < scale; ++i)
            out += line + "\n";
    }
    return out;
}

std::string scan(const std::string& file)
{
    finished read =
        run_program({"zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file});
    if (read.out.ends_with('\n'))
        read.out.pop_back();
    return read.out;
}

std::string scan_bytes(const std::string& bytes, const std::string& name)
{
    temporary_directory directory;
    std::string file = directory.write(name, bytes);
    if (!name.ends_with(".svg"))
        return scan(file);
    finished drawn = run_program({"rsvg-convert", "-o", file + ".png", file});
    require(drawn.status == 0, "librsvg refuses this SVG");
    return scan(file + ".png");
}

}  // namespace tests
