#include "qr/svg.hpp"

#include <algorithm>
#include <charconv>
#include <tinyxml2.h>

namespace qr {
namespace {

/// Appends a command and its number; the shortest form that SVG's grammar takes.
void append(std::string& path, char command, int number)
{
    char digits[12];
    auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    path += command;
    path.append(digits, end);
}

/// One horizontal stroke for every run of dark modules, each row one unit thick. Moves are
/// relative, so that most take two digits.
std::string path_of(const matrix& code)
{
    std::string path = "M" + std::to_string(quiet_zone) + " " + std::to_string(quiet_zone) + ".5";
    path.reserve(4096);
    int pen_x = 0;
    int pen_y = 0;
    for (int y = 0; y < code.size(); ++y) {
        for (int x = 0; x < code.size(); ++x) {
            if (!code.is_dark(x, y))
                continue;
            int end = x;
            while (code.is_dark(end, y))
                ++end;
            append(path, 'm', x - pen_x);
            append(path, y - pen_y < 0 ? '-' : ' ', y - pen_y);
            append(path, 'h', end - x);
            pen_x = x = end;
            pen_y = y;
        }
    }
    return path;
}

/// The code on its white ground, in modules.
void draw_code(tinyxml2::XMLPrinter& out, const matrix& code)
{
    std::string side = std::to_string(code.full_size());
    out.OpenElement("path");
    out.PushAttribute("fill", "#fff");
    out.PushAttribute("d", ("M0 0h" + side + "v" + side + "H0z").c_str());
    out.CloseElement();
    out.OpenElement("path");
    out.PushAttribute("stroke", "#000");
    out.PushAttribute("d", path_of(code).c_str());
    out.CloseElement();
}

}  // namespace

std::string to_svg(const matrix& code, std::string_view title, std::string_view description)
{
    std::string side = std::to_string(code.full_size());
    tinyxml2::XMLPrinter out{nullptr, true};
    out.OpenElement("svg");
    out.PushAttribute("xmlns", "http://www.w3.org/2000/svg");
    out.PushAttribute("viewBox", ("0 0 " + side + " " + side).c_str());
    out.PushAttribute("width", (side + "0").c_str());
    out.PushAttribute("height", (side + "0").c_str());
    out.PushAttribute("role", "img");
    out.PushAttribute("shape-rendering", "crispEdges");
    out.OpenElement("title");
    out.PushText(std::string(title).c_str());
    out.CloseElement();
    out.OpenElement("desc");
    out.PushText(std::string(description).c_str());
    out.CloseElement();
    draw_code(out, code);
    out.CloseElement();
    return std::string(out.CStr()) + "\n";
}

namespace {

/// The octets of the first `most` characters.
std::size_t octets_of(std::string_view text, std::size_t most)
{
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool is_first = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
        characters += is_first ? 1 : 0;
        if (characters > most)
            return i;
    }
    return text.size();
}

/// Takes off the front what fits beside a code: up to a blank, if there is one.
std::string take_line(std::string_view& text)
{
    constexpr std::size_t most_characters = 15;
    std::size_t end = octets_of(text, most_characters);
    auto blank = end < text.size() ? text.substr(0, end + 1).rfind(' ') : text.npos;
    if (blank != text.npos && blank > 0)
        end = blank;
    std::string line(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return line;
}

/// A label's text in lines; what is longer than four ends in an ellipsis.
std::vector<std::string> broken(std::string_view text)
{
    constexpr std::size_t most_lines = 4;
    std::vector<std::string> lines;
    while (!text.empty() && lines.size() < most_lines)
        lines.push_back(take_line(text));
    if (!text.empty())
        lines.back() += "\u2026";
    return lines;
}

}  // namespace

std::string to_sheet(const std::vector<label>& labels)
{
    constexpr int across = 3;
    constexpr int width = 70;
    constexpr int height = 37;
    constexpr int code_side = 33;
    tinyxml2::XMLPrinter out{nullptr, true};
    out.OpenElement("svg");
    out.PushAttribute("xmlns", "http://www.w3.org/2000/svg");
    out.PushAttribute("viewBox", "0 0 210 297");
    out.PushAttribute("width", "210mm");
    out.PushAttribute("height", "297mm");
    out.PushAttribute("font-family", "sans-serif");
    out.PushAttribute("font-size", 4);
    int number = 0;
    for (const label& each : labels) {
        int left = number % across * width;
        int top = number / across * height;
        ++number;
        std::string side = std::to_string(each.code.full_size());
        out.OpenElement("svg");
        out.PushAttribute("x", left + 1);
        out.PushAttribute("y", top + 2);
        out.PushAttribute("width", code_side);
        out.PushAttribute("height", code_side);
        std::string view = "0 0 " + side;
        view += " ";
        view += side;
        out.PushAttribute("viewBox", view.c_str());
        out.PushAttribute("shape-rendering", "crispEdges");
        draw_code(out, each.code);
        out.CloseElement();
        constexpr int line_height = 5;
        int line = top + 8;
        for (const std::string& whole : each.lines)
            for (const std::string& text : broken(whole)) {
                out.OpenElement("text");
                out.PushAttribute("x", left + code_side + 2);
                out.PushAttribute("y", line);
                out.PushText(text.c_str());
                out.CloseElement();
                line += line_height;
            }
    }
    out.CloseElement();
    return std::string(out.CStr()) + "\n";
}

}  // namespace qr
