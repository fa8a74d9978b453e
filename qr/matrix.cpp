#include "qr/matrix.hpp"

#include "qr/segments.hpp"

#include <memory>
#include <qrencode.h>

namespace qr {
namespace {

constexpr int versions = 40;

// Data codewords (bytes) of each version at levels M, Q, H (ISO/IEC 18004, table 7).
// libqrencode knows them too, but tells only by encoding: three times the work.
constexpr short capacity[versions][3] = {{16, 13, 9}, {28, 22, 16}, {44, 34, 26}, {64, 48, 36},
    {86, 62, 46}, {108, 76, 60}, {124, 88, 66}, {154, 110, 86}, {182, 132, 100}, {216, 154, 122},
    {254, 180, 140}, {290, 206, 158}, {334, 244, 180}, {365, 261, 197}, {415, 295, 223},
    {453, 325, 253}, {507, 367, 283}, {563, 397, 313}, {627, 445, 341}, {669, 485, 385},
    {714, 512, 406}, {782, 568, 442}, {860, 614, 464}, {914, 664, 514}, {1000, 718, 538},
    {1062, 754, 596}, {1128, 808, 628}, {1193, 871, 661}, {1267, 911, 701}, {1373, 985, 745},
    {1455, 1033, 793}, {1541, 1115, 845}, {1631, 1171, 901}, {1725, 1231, 961}, {1812, 1286, 986},
    {1914, 1354, 1054}, {1992, 1426, 1096}, {2102, 1502, 1142}, {2216, 1582, 1222},
    {2334, 1666, 1276}};

struct plan {
    int version = 0;
    ecc_level level = ecc_level::medium;
    std::vector<segment> segments{};
};

std::optional<plan> plan_for(std::string_view text)
{
    plan out;
    for (int version = 1; version <= versions; ++version) {
        bool has_other_lengths = version == 1 || version == 10 || version == 27;
        if (has_other_lengths)
            out.segments = split(text, version);
        const short* bytes = capacity[version - 1];
        int needed = (bits(out.segments, version) + 7) / 8;
        if (needed > bytes[0])
            continue;
        out.version = version;
        out.level = needed <= bytes[2]   ? ecc_level::high
                    : needed <= bytes[1] ? ecc_level::quartile
                                         : ecc_level::medium;
        return out;
    }
    return std::nullopt;
}

struct release {
    void operator()(QRinput* p) const { QRinput_free(p); }
    void operator()(QRcode* p) const { QRcode_free(p); }
};

QRencodeMode to_library(mode kind)
{
    constexpr QRencodeMode names[] = {QR_MODE_NUM, QR_MODE_AN, QR_MODE_8};
    return names[static_cast<int>(kind)];
}

QRecLevel to_library(ecc_level level)
{
    constexpr QRecLevel names[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
    return names[static_cast<int>(level)];
}

}  // namespace

std::optional<matrix> encode(std::string_view text)
{
    auto planned = text.empty() ? std::nullopt : plan_for(text);
    if (!planned)
        return std::nullopt;
    std::unique_ptr<QRinput, release> input{
        QRinput_new2(planned->version, to_library(planned->level))};
    for (const segment& each : planned->segments)
        if (QRinput_append(input.get(), to_library(each.mode), static_cast<int>(each.text.size()),
                reinterpret_cast<const unsigned char*>(each.text.data()))
            != 0)
            return std::nullopt;
    std::unique_ptr<QRcode, release> made{QRcode_encodeInput(input.get())};
    if (!made)
        return std::nullopt;
    auto count = static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
    std::vector<std::uint8_t> dark(count);
    for (std::size_t i = 0; i < count; ++i)
        dark[i] = made->data[i] & 1;  // the other bits say what a module is for
    return matrix(made->width, planned->level, std::move(dark));
}

}  // namespace qr
