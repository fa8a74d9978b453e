#include "qr/segments.hpp"

#include <array>
#include <cstdint>
#include <limits>

namespace qr {
namespace {

constexpr std::size_t modes = 3;
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

constexpr int never = std::numeric_limits<int>::max() / 2;

constexpr int whole_bits(int in_sixths)
{
    return (in_sixths + 5) / 6;
}

/// The cheapest way to have a text end in a mode, and the mode of the character before.
struct step {
    int cost = never;  // in sixths of a bit; a run's last bits are rounded up when it ends
    std::uint8_t from = 0;
};
using steps = std::array<step, modes>;

/// One character more, in mode `to`.
step extend(const steps& before, std::size_t to, char c, int version)
{
    step best;
    if (!can_hold(all[to], c))
        return best;
    for (std::size_t from = 0; from < modes; ++from) {
        bool is_same = from == to;
        int ended = is_same ? before[from].cost : whole_bits(before[from].cost) * 6;
        int header = is_same ? 0 : header_bits(all[to], version) * 6;
        int cost = ended + header + sixths(all[to]);
        if (cost < best.cost)
            best = {cost, static_cast<std::uint8_t>(from)};
    }
    return best;
}

std::uint8_t cheapest(const steps& ends)
{
    std::uint8_t best = 0;
    for (std::uint8_t m = 1; m < modes; ++m)
        if (whole_bits(ends[m].cost) < whole_bits(ends[best].cost))
            best = m;
    return best;
}

}  // namespace

std::vector<segment> split(std::string_view text, int version)
{
    steps current;
    for (std::size_t m = 0; m < modes; ++m)
        current[m].cost = header_bits(all[m], version) * 6;
    std::vector<steps> taken(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (std::size_t to = 0; to < modes; ++to)
            taken[i][to] = extend(current, to, text[i], version);
        current = taken[i];
    }

    std::vector<std::uint8_t> chosen(text.size());
    std::uint8_t mode_here = cheapest(current);
    for (std::size_t i = text.size(); i-- > 0;) {
        chosen[i] = mode_here;
        mode_here = taken[i][mode_here].from;
    }
    std::vector<segment> out;
    for (std::size_t start = 0; start < text.size();) {
        std::size_t end = start + 1;
        while (end < text.size() && chosen[end] == chosen[start])
            ++end;
        out.push_back({all[chosen[start]], text.substr(start, end - start)});
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
