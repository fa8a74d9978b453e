#include "qr/font.hpp"

#include <algorithm>
#include <iterator>

namespace qr {
namespace {

constexpr glyph glyphs[] = {
#include "generated/unifont.inc"
};

/// Where an Arabic letter's forms begin: isolated, final, then, if it joins on both sides,
/// initial and medial (Unicode, U+FE70..U+FEFF).
struct arabic_letter {
    char32_t letter;
    char32_t isolated;
    bool joins_next;
};

constexpr arabic_letter arabic[] = {
    {0x621, 0xFE80, false},
    {0x622, 0xFE81, false},
    {0x623, 0xFE83, false},
    {0x624, 0xFE85, false},
    {0x625, 0xFE87, false},
    {0x626, 0xFE89, true},
    {0x627, 0xFE8D, false},
    {0x628, 0xFE8F, true},
    {0x629, 0xFE93, false},
    {0x62A, 0xFE95, true},
    {0x62B, 0xFE99, true},
    {0x62C, 0xFE9D, true},
    {0x62D, 0xFEA1, true},
    {0x62E, 0xFEA5, true},
    {0x62F, 0xFEA9, false},
    {0x630, 0xFEAB, false},
    {0x631, 0xFEAD, false},
    {0x632, 0xFEAF, false},
    {0x633, 0xFEB1, true},
    {0x634, 0xFEB5, true},
    {0x635, 0xFEB9, true},
    {0x636, 0xFEBD, true},
    {0x637, 0xFEC1, true},
    {0x638, 0xFEC5, true},
    {0x639, 0xFEC9, true},
    {0x63A, 0xFECD, true},
    {0x641, 0xFED1, true},
    {0x642, 0xFED5, true},
    {0x643, 0xFED9, true},
    {0x644, 0xFEDD, true},
    {0x645, 0xFEE1, true},
    {0x646, 0xFEE5, true},
    {0x647, 0xFEE9, true},
    {0x648, 0xFEED, false},
    {0x649, 0xFEEF, false},
    {0x64A, 0xFEF1, true},
};

const arabic_letter* find_arabic(char32_t letter)
{
    auto found = std::ranges::find(arabic, letter, &arabic_letter::letter);
    return found == std::end(arabic) ? nullptr : found;
}

bool is_arabic(char32_t letter)
{
    return letter >= 0x600 && letter < 0x700;
}

/// Vowel signs and the like, which a bitmap font cannot put over a letter.
bool is_mark(char32_t letter)
{
    return (letter >= 0x64B && letter <= 0x65F) || letter == 0x670;
}

bool is_invisible(char32_t letter)
{
    return letter < 0x20 || (letter >= 0x200B && letter <= 0x200F)
           || (letter >= 0x202A && letter <= 0x202E) || (letter >= 0x2066 && letter <= 0x2069);
}

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
        if (more == 0 && !is_invisible(code) && !is_mark(code))
            out.push_back(code);
    }
    return out;
}

/// Each letter in the form that its neighbours ask for; lam with alef is one glyph.
std::vector<char32_t> joined(const std::vector<char32_t>& letters)
{
    std::vector<char32_t> out;
    bool comes_joined = false;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const arabic_letter* one = find_arabic(letters[i]);
        if (one == nullptr) {
            out.push_back(letters[i]);
            comes_joined = false;
            continue;
        }
        const arabic_letter* next = i + 1 < letters.size() ? find_arabic(letters[i + 1]) : nullptr;
        constexpr char32_t lam = 0x644;
        constexpr char32_t alefs[][2] = {
            {0x622, 0xFEF5}, {0x623, 0xFEF7}, {0x625, 0xFEF9}, {0x627, 0xFEFB}};
        auto ligature = std::ranges::find_if(alefs, [next](const char32_t(&pair)[2]) {
            return next != nullptr && pair[0] == next->letter;
        });
        if (one->letter == lam && ligature != std::end(alefs)) {
            out.push_back((*ligature)[1] + (comes_joined ? 1 : 0));
            comes_joined = false;
            ++i;
            continue;
        }
        constexpr char32_t hamza = 0x621;  // joins nothing
        bool can_come_joined = one->letter != hamza;
        bool goes_on = one->joins_next && next != nullptr && next->letter != hamza;
        bool is_joined = comes_joined && can_come_joined;
        char32_t form = goes_on ? (is_joined ? 3 : 2) : (is_joined ? 1 : 0);
        out.push_back(one->isolated + form);
        comes_joined = goes_on;
    }
    return out;
}

bool runs_to_the_right(char32_t letter)
{
    bool is_form = letter >= 0xFE70 && letter < 0xFF00;
    bool is_neutral = letter == ' ' || letter == ',' || letter == '.' || letter == ':';
    return !is_form && !is_arabic(letter) && !is_neutral;
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
    bool is_right_to_left = std::ranges::any_of(letters, is_arabic);
    if (!is_right_to_left)
        return letters;
    letters = joined(letters);
    std::ranges::reverse(letters);
    // Words and numbers that are not Arabic were turned with the rest: back.
    for (auto begin = letters.begin(); begin != letters.end();) {
        begin = std::find_if(begin, letters.end(), runs_to_the_right);
        auto end = std::find_if_not(begin, letters.end(), runs_to_the_right);
        std::reverse(begin, end);
        begin = end;
    }
    return letters;
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
