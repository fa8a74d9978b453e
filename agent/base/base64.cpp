#include "agent/base/base64.hpp"

#include <openssl/evp.h>

namespace agent {
namespace {

int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

platform::wiped_string to_base64(std::string_view bytes)
{
    platform::wiped_string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::optional<platform::bytes> from_base64(std::string_view text)
{
    platform::bytes out;
    out.reserve(text.size() / 4 * 3);
    unsigned group = 0;  // of four digits
    int digits = 0;
    int padding = 0;
    for (char c : text) {
        if (is_space(c))
            continue;
        int value = c == '=' ? 0 : digit(c);
        bool is_misplaced = padding > 0 && c != '=';
        if (value < 0 || is_misplaced)
            return std::nullopt;
        padding += c == '=' ? 1 : 0;
        group = group << 6 | static_cast<unsigned>(value);
        if (++digits % 4 != 0)
            continue;
        unsigned spare = padding == 0 ? 0 : padding == 1 ? group & 0xffU : group & 0xffffU;
        if (padding > 2 || spare != 0)
            return std::nullopt;
        for (int i = 0; i < 3 - padding; ++i)
            out.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * i) & 0xffU));
        group = 0;
    }
    if (digits % 4 != 0)
        return std::nullopt;
    return out;
}

}  // namespace agent
