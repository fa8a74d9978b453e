#include "platform/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace platform {
namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// The length of the UTF-8 character that `text` begins with (RFC 3629); 0 if it is none.
std::size_t character_length(std::string_view text)
{
    auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80)
        return 1;
    std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length)
        return 0;
    if (!std::ranges::all_of(text.substr(1, length - 1), is_continuation))
        return 0;
    bool is_overlong = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
    bool is_beyond = (byte(0) == 0xed && byte(1) > 0x9f) || (byte(0) == 0xf4 && byte(1) > 0x8f);
    return is_overlong || is_beyond ? 0 : length;
}

char32_t code_of(std::string_view character)
{
    auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1)
        return first;
    char32_t out = first & (0x7fU >> character.size());
    for (char each : character.substr(1))
        out = out << 6 | (static_cast<unsigned char>(each) & 0x3fU);
    return out;
}

struct range {
    char32_t first;
    char32_t last;
};

// C0; DEL and C1; the Arabic letter mark; zero-width characters and marks of direction; line and
// paragraph separators and embeddings; word joiner to isolates; the byte order mark.
constexpr range unsafe[] = {{0x00, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}};

bool is_unsafe(std::string_view character)
{
    char32_t code = code_of(character);
    return std::ranges::any_of(
        unsafe, [code](const range& each) { return code >= each.first && code <= each.last; });
}

/// The text with what is unsafe, or no character at all, as `instead` says.
template <class Instead>
std::string replaced(std::string_view text, Instead instead)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t length = character_length(text);
        std::string_view character = text.substr(0, std::max(length, std::size_t{1}));
        bool is_shown = length != 0 && !is_unsafe(character);
        if (is_shown)
            out += character;
        else
            out += instead(character);
        text.remove_prefix(character.size());
    }
    return out;
}

}  // namespace

std::string printable(std::string_view text)
{
    return replaced(text, [](std::string_view) { return std::string("?"); });
}

bool is_printable(std::string_view text)
{
    while (!text.empty()) {
        std::size_t length = character_length(text);
        if (length == 0 || is_unsafe(text.substr(0, length)))
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string printable_lines(std::string_view text)
{
    return replaced(text,
        [](std::string_view character) { return std::string(character == "\n" ? "\n" : "?"); });
}

std::string escaped_json(std::string_view json)
{
    return replaced(json, [](std::string_view character) {
        bool is_layout = character == "\n" || character == "\t" || character == "\r";
        bool is_octet = character.size() == 1 && static_cast<unsigned char>(character[0]) >= 0x80;
        if (is_layout)
            return std::string(character);
        if (is_octet)
            return std::string("?");
        char text[8];
        std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(code_of(character)));
        return std::string(text);
    });
}

std::size_t hidden_length(std::string_view text)
{
    constexpr std::string_view no_break_space = "\xc2\xa0";
    constexpr char32_t first_behind_controls = 0xa0;
    if (text.empty())
        return 0;
    std::size_t length = character_length(text);
    std::string_view character = text.substr(0, length);
    bool is_hidden =
        length > 1 && is_unsafe(character) && code_of(character) >= first_behind_controls;
    return is_hidden || character == no_break_space ? length : 0;
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& letter : out)
        letter = lower(letter);
    return out;
}

std::string upper(std::string_view text)
{
    std::string out(text);
    for (char& letter : out)
        if (letter >= 'a' && letter <= 'z')
            letter = static_cast<char>(letter - 32);
    return out;
}

bool same_ignoring_case(std::string_view left, std::string_view right)
{
    return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start)
{
    return same_ignoring_case(text.substr(0, start.size()), start);
}

std::string_view cut(std::string_view text, std::size_t size)
{
    if (text.size() <= size)
        return text;
    while (size > 0 && is_continuation(text[size]))
        --size;
    return text.substr(0, size);
}

}  // namespace platform
