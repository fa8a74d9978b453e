#include "qr/segments.hpp"

#include <array>
#include <cstdint>
#include <limits>

namespace qr {
namespace {

constexpr int modes = 3;
constexpr std::array<mode, modes> all{mode::numeric, mode::alphanumeric, mode::byte};

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool can_hold(mode kind, char c)
{
    constexpr std::string_view others = " $%*+-./:";
    if (kind == mode::byte)
        return true;
    if (is_digit(c))
        return true;
    return kind == mode::alphanumeric && ((c >= 'A' && c <= 'Z') || others.find(c) != others.npos);
}

/// Mode indicator and length field (ISO/IEC 18004, tables 2 and 3).
constexpr int header_bits(mode kind, int version)
{
    constexpr int lengths[modes][3] = {{10, 12, 14}, {9, 11, 13}, {8, 16, 16}};
    int range = version < 10 ? 0 : version < 27 ? 1 : 2;
    return 4 + lengths[static_cast<int>(kind)][range];
}

/// Bits for one character, in sixths so that 10/3 and 11/2 are whole numbers.
constexpr int sixths(mode kind)
{
    constexpr int cost[modes] = {20, 33, 48};
    return cost[static_cast<int>(kind)];
}

int data_bits(mode kind, int size)
{
    if (kind == mode::numeric)
        return size / 3 * 10 + (size % 3 == 0 ? 0 : size % 3 == 1 ? 4 : 7);
    if (kind == mode::alphanumeric)
        return size / 2 * 11 + size % 2 * 6;
    return size * 8;
}

}  // namespace

std::vector<segment> split(std::string_view text, int version)
{
    // For each character and mode: the cheapest way to end there in that mode, and the mode
    // of the character before. A run's last bits are rounded up when it ends.
    constexpr int never = std::numeric_limits<int>::max() / 2;
    std::vector<std::array<std::uint8_t, modes>> before(text.size());
    std::array<int, modes> cost{};
    for (int m = 0; m < modes; ++m)
        cost[m] = header_bits(all[m], version) * 6;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::array<int, modes> next{never, never, never};
        for (int to = 0; to < modes; ++to) {
            if (!can_hold(all[to], text[i]))
                continue;
            for (int from = 0; from < modes; ++from) {
                bool is_start = i == 0;
                if (is_start && from != to)
                    continue;
                int change = from == to ? 0 : header_bits(all[to], version) * 6;
                int ended = from == to ? cost[from] : (cost[from] + 5) / 6 * 6;
                int total = ended + change + sixths(all[to]);
                if (total < next[to]) {
                    next[to] = total;
                    before[i][to] = static_cast<std::uint8_t>(from);
                }
            }
        }
        cost = next;
    }

    int best = 0;
    for (int m = 1; m < modes; ++m)
        if ((cost[m] + 5) / 6 < (cost[best] + 5) / 6)
            best = m;
    std::vector<int> chosen(text.size());
    for (std::size_t i = text.size(); i-- > 0;) {
        chosen[i] = best;
        best = before[i][static_cast<std::size_t>(best)];
    }
    std::vector<segment> out;
    for (std::size_t start = 0; start < text.size();) {
        std::size_t end = start + 1;
        while (end < text.size() && chosen[end] == chosen[start])
            ++end;
        out.push_back(
            {all[static_cast<std::size_t>(chosen[start])], text.substr(start, end - start)});
        start = end;
    }
    return out;
}

int bits(const std::vector<segment>& segments, int version)
{
    int total = 0;
    for (const segment& each : segments)
        total += header_bits(each.mode, version)
                 + data_bits(each.mode, static_cast<int>(each.text.size()));
    return total;
}

}  // namespace qr
