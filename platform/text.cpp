#include "platform/text.hpp"

#include <algorithm>
#include <cstdint>

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

bool is_control(std::string_view character)
{
    auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1)
        return first < 0x20 || first == 0x7f;
    return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

std::string printable(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        std::size_t length = character_length(text);
        bool is_shown = length != 0 && !is_control(text.substr(0, length));
        out += is_shown ? text.substr(0, length) : "?";
        text.remove_prefix(std::max(length, std::size_t{1}));
    }
    return out;
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
