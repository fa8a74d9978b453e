#include "qr/screen.hpp"

#include "qr/font.hpp"

#include <algorithm>

namespace qr {
namespace {

/// Lines in the middle of `width`, from `y` on; gives where they end.
int draw_lines(bitmap& into, const std::vector<std::string>& lines, int y, int scale, bool is_drawn)
{
    for (const std::string& each : lines) {
        if (is_drawn)
            draw_text(into, each, (into.width() - text_width(each) * scale) / 2, y, scale);
        y += glyph_height * scale + scale * 2;
    }
    return y;
}

std::vector<std::string> wrapped(const std::string& text, int width, int scale)
{
    return text.empty() ? std::vector<std::string>() : wrap(text, width / scale);
}

}  // namespace

bitmap to_screen(const screen_content& what, int width, int height)
{
    bitmap out{width, height};
    constexpr int usual_side = 200;  // where a text of scale 1 reads well
    int scale = std::max(1, std::min(width, height) / usual_side);
    int margin = 4 * scale;
    auto title = wrapped(what.title, width - 2 * margin, scale);
    int top = draw_lines(out, title, margin, scale, false);
    if (!what.code) {
        draw_lines(out, title, margin, scale, true);
        int large = 2 * scale;
        auto state = wrapped(what.state, width - 2 * margin, large);
        std::vector<std::string> more;
        for (const std::string& each : what.more)
            for (const std::string& line : wrapped(each, width - 2 * margin, scale))
                more.push_back(line);
        int gap = glyph_height * scale;
        int size =
            draw_lines(out, more, draw_lines(out, state, 0, large, false) + gap, scale, false);
        int middle = std::max(top, (height - size) / 2);
        draw_lines(out, more, draw_lines(out, state, middle, large, true) + gap, scale, true);
        return out;
    }
    auto state = wrapped(what.state, width - 2 * margin, scale);
    int below = draw_lines(out, state, 0, scale, false);
    int room = std::min(width, height - top - below - margin);
    bool is_alone = room < what.code->full_size();  // a small screen: no room for words
    if (is_alone) {
        top = 0;
        room = std::min(width, height);
    }
    int module = scale_for(*what.code, room);
    int side = module * what.code->full_size();
    out.draw(*what.code, (width - side) / 2, top + std::max(0, room - side) / 2, module);
    if (is_alone)
        return out;
    draw_lines(out, title, margin, scale, true);
    draw_lines(out, state, height - margin - below, scale, true);
    return out;
}

bitmap to_receipt(
    const std::string& title, const matrix& code, const std::vector<std::string>& lines, int width)
{
    constexpr int large = 2;  // 4 mm at 203 dpi
    std::vector<std::string> text;
    for (const std::string& each : lines)
        for (const std::string& line : wrapped(each, width, large))
            text.push_back(line);
    auto head = wrapped(title, width, large);
    int module = scale_for(code, width);
    int side = module * code.full_size();
    bitmap out{width, 0};
    int top = draw_lines(out, head, 0, large, false);
    int end = draw_lines(out, text, top + side, large, false);
    out = bitmap{width, end};
    draw_lines(out, head, 0, large, true);
    out.draw(code, (width - side) / 2, top, module);
    draw_lines(out, text, top + side, large, true);
    return out;
}

}  // namespace qr
