#include "agent/cli/output/screen.hpp"

#include "agent/cli/output/output.hpp"

#include <algorithm>

namespace agent::cli {
namespace {

std::string at_row(std::size_t row)
{
    return "\x1b[" + std::to_string(row + 1) + "H";
}

/// Cut to the terminal, without the blanks that cell() pads with.
std::string fitted(const std::string& line, int columns)
{
    std::string out = cell(line, static_cast<std::size_t>(std::max(columns - 1, 1)));
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

}  // namespace

std::string screen::show(const std::vector<std::string>& lines, int columns, int rows)
{
    constexpr int usual_rows = 24;
    rows = rows > 0 ? rows : usual_rows;
    std::string out;
    bool is_new = columns != columns_ || rows != rows_;
    if (is_new) {
        out = "\x1b[?25l\x1b[H\x1b[2J";  // no cursor, an empty screen
        shown_.clear();
    }
    columns_ = columns;
    rows_ = rows;
    std::vector<std::string> next;
    auto most = static_cast<std::size_t>(rows - 1);  // the last row would scroll
    for (std::size_t i = 0; i < std::min(lines.size(), most); ++i)
        next.push_back(fitted(lines[i], columns));
    shown_.resize(std::max(shown_.size(), next.size()));
    for (std::size_t i = 0; i < shown_.size(); ++i) {
        std::string line = i < next.size() ? next[i] : "";
        if (line != shown_[i])
            out += at_row(i) + line + (line.size() < shown_[i].size() ? "\x1b[K" : "");
    }
    shown_ = std::move(next);
    return out;
}

std::string screen::end() const
{
    return at_row(shown_.size()) + "\x1b[J\x1b[?25h";
}

}  // namespace agent::cli
