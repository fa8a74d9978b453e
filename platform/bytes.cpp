#include "platform/bytes.hpp"

namespace platform {
namespace {

int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

std::string to_hex(byte_view data)
{
    wiped_string out;
    out.reserve(data.size() * 2);
    append_hex(out, data);
    return std::string(out);
}

void append_hex(wiped_string& to, byte_view data)
{
    constexpr char digits[] = "0123456789ABCDEF";
    for (std::uint8_t byte : data) {
        to += digits[byte >> 4];
        to += digits[byte & 15];
    }
}

std::optional<bytes> from_hex(std::string_view digits)
{
    if (digits.size() % 2 != 0)
        return std::nullopt;
    bytes out;
    out.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        int high = digit(digits[i]);
        int low = digit(digits[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return out;
}

byte_view view_of(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(byte_view data)
{
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

void append(bytes& to, byte_view what)
{
    to.insert(to.end(), what.begin(), what.end());
}

}  // namespace platform
