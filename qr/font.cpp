#include "qr/font.hpp"

#include <algorithm>
#include <fribidi.h>
#include <iterator>

namespace qr {
namespace {

constexpr glyph glyphs[] = {
#include "generated/unifont.inc"
};

std::vector<char32_t> decode(std::string_view text)
{
    std::vector<char32_t> out;
    char32_t code = 0;
    int more = 0;
    for (unsigned char octet : text) {
        bool continues = (octet & 0xC0) == 0x80;
        if (continues && more > 0) {
            code = code << 6 | (octet & 0x3F);
            --more;
        } else {
            bool is_first = octet >= 0xC0 && octet < 0xF8;
            more = !is_first ? 0 : octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
            code = octet < 0x80 ? octet : is_first ? octet & (0x3F >> more) : 0xFFFD;
        }
        if (more == 0)
            out.push_back(code);
    }
    return out;
}

/// Vowel signs, which a bitmap font cannot put over a letter, and what is not to be seen.
bool is_invisible(char32_t letter)
{
    FriBidiCharType type = fribidi_get_bidi_type(letter);
    return letter < 0x20 || FRIBIDI_IS_EXPLICIT_OR_BN_OR_NSM(type) || FRIBIDI_IS_ISOLATE(type);
}

}  // namespace

const glyph& glyph_of(char32_t letter)
{
    auto found = std::ranges::lower_bound(glyphs, letter, {}, &glyph::code);
    bool is_there = found != std::end(glyphs) && found->code == letter;
    return is_there ? *found : *(std::end(glyphs) - 1);
}

std::vector<char32_t> in_visual_order(std::string_view text)
{
    std::vector<char32_t> letters = decode(text);
    std::erase_if(letters, is_invisible);
    std::vector<FriBidiChar> logical(letters.begin(), letters.end());
    std::vector<FriBidiChar> visual(logical.size() + 1);
    FriBidiParType direction = FRIBIDI_PAR_ON;
    fribidi_log2vis(logical.data(), static_cast<FriBidiStrIndex>(logical.size()), &direction,
        visual.data(), nullptr, nullptr, nullptr);
    visual.pop_back();
    std::erase(visual, FRIBIDI_CHAR_FILL);  // the second letter of a ligature
    return {visual.begin(), visual.end()};
}

void draw_text(bitmap& into, std::string_view text, int x, int y, int scale)
{
    for (char32_t letter : in_visual_order(text)) {
        const glyph& one = glyph_of(letter);
        for (int row = 0; row < glyph_height; ++row)
            for (int column = 0; column < one.width; ++column)
                if ((one.rows[row] >> (15 - column) & 1) != 0)
                    into.fill(x + column * scale, y + row * scale, scale, scale);
        x += one.width * scale;
    }
}

int text_width(std::string_view text)
{
    int out = 0;
    for (char32_t letter : in_visual_order(text))
        out += glyph_of(letter).width;
    return out;
}

std::vector<std::string> wrap(std::string_view text, int width)
{
    std::vector<std::string> lines{""};
    std::size_t last_blank = std::string::npos;  // in the last line
    for (std::size_t i = 0; i < text.size();) {
        std::size_t size = 1;
        while (i + size < text.size() && (text[i + size] & 0xC0) == 0x80)
            ++size;
        std::string letter{text.substr(i, size)};
        i += size;
        std::string& line = lines.back();
        if (text_width(line + letter) > width && !line.empty()) {
            bool breaks_at_blank = last_blank != std::string::npos && letter != " ";
            std::string rest = breaks_at_blank ? line.substr(last_blank + 1) : "";
            if (breaks_at_blank)
                line.resize(last_blank);
            last_blank = std::string::npos;
            lines.push_back(letter == " " ? rest : rest + letter);
            continue;
        }
        if (letter == " ")
            last_blank = line.size();
        auto first = static_cast<unsigned char>(letter.front());
        bool is_ideograph = (first >= 0xE3 && first <= 0xE9) || first == 0xEF;  // U+3000 and on
        if (is_ideograph)
            last_blank = std::string::npos;  // broken anywhere
        line += letter;
    }
    return lines;
}

}  // namespace qr
