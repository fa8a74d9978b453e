#include "agent/web/accent.hpp"

#include "platform/error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace agent::web {
namespace {

// As in page.css.
constexpr colour light_ground{0xf4, 0xf6, 0xf8};
constexpr colour dark_card{0x16, 0x24, 0x2c};
constexpr colour dark_on_accent{0x04, 0x22, 0x2c};
constexpr double least = 4.5;

/// WCAG 2.2, relative luminance.
double luminance(const colour& of)
{
    auto linear = [](int channel) {
        double part = channel / 255.0;
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(of.red) + 0.7152 * linear(of.green) + 0.0722 * linear(of.blue);
}

colour lighter(const colour& than)
{
    auto step = [](int channel) { return channel + (255 - channel + 9) / 10; };
    return {step(than.red), step(than.green), step(than.blue)};
}

std::string with_one_place(double number)
{
    char out[16] = {};
    std::snprintf(out, sizeof out, "%.1f", std::floor(number * 10) / 10);
    return out;
}

}  // namespace

std::string colour::text() const
{
    char out[8] = {};
    std::snprintf(out, sizeof out, "#%02x%02x%02x", red & 0xff, green & 0xff, blue & 0xff);
    return out;
}

result<colour> parse_colour(std::string_view text)
{
    failure wrong(
        platform::errc::configuration, "a colour is # and six hexadecimal digits: \"#00576e\"");
    constexpr std::size_t size = 7;
    if (text.size() != size || text.front() != '#')
        return wrong;
    unsigned value = 0;
    constexpr int hexadecimal = 16;
    const char* end = text.data() + size;
    auto read = std::from_chars(text.data() + 1, end, value, hexadecimal);
    if (read.ec != std::errc{} || read.ptr != end)
        return wrong;
    auto channel = [value](unsigned bits) { return static_cast<int>(value >> bits & 0xff); };
    return colour{channel(16), channel(8), channel(0)};
}

double contrast(const colour& one, const colour& other)
{
    constexpr double flare = 0.05;
    auto [darker, brighter] = std::minmax({luminance(one), luminance(other)});
    return (brighter + flare) / (darker + flare);
}

result<accent> accent_of(const colour& wanted)
{
    double ratio = contrast(wanted, light_ground);
    if (ratio < least)
        return failure(platform::errc::configuration,
            "the accent " + wanted.text() + " reads at " + with_one_place(ratio)
                + " : 1 on the page, and 4.5 : 1 is needed; take a darker one");
    accent out{wanted, wanted};
    while (
        contrast(out.on_dark, dark_card) < least || contrast(out.on_dark, dark_on_accent) < least)
        out.on_dark = lighter(out.on_dark);
    return out;
}

}  // namespace agent::web
