#include "platform/iso_time.hpp"

#include <charconv>
#include <cstdio>

namespace platform {
namespace {

using namespace std::chrono;

/// Takes exactly `digits` digits off the front of `text`.
bool take_number(std::string_view& text, std::size_t digits, int& value)
{
    if (text.size() < digits)
        return false;
    const char* end = text.data() + digits;
    auto parsed = std::from_chars(text.data(), end, value);
    bool is_number = parsed.ec == std::errc{} && parsed.ptr == end && text[0] >= '0';
    text.remove_prefix(digits);
    return is_number;
}

bool take(std::string_view& text, std::string_view one_of)
{
    if (text.empty() || one_of.find(text.front()) == one_of.npos)
        return false;
    text.remove_prefix(1);
    return true;
}

bool take_date(std::string_view& text, sys_days& day)
{
    int y = 0, m = 0, d = 0;
    bool is_form = take_number(text, 4, y) && take(text, "-") && take_number(text, 2, m)
                   && take(text, "-") && take_number(text, 2, d);
    year_month_day date{
        year(y), month(static_cast<unsigned>(m)), std::chrono::day(static_cast<unsigned>(d))};
    if (!is_form || !date.ok())
        return false;
    day = date;
    return true;
}

bool take_fraction(std::string_view& text, microseconds& fraction)
{
    if (!take(text, ".,"))
        return true;
    long long value = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1))
        if (digits++ < 6)
            value = value * 10 + (text.front() - '0');
    for (int i = digits; i < 6; ++i)
        value *= 10;
    fraction = microseconds(value);
    return digits >= 1 && digits <= 9;
}

bool take_zone(std::string_view& text, minutes& offset)
{
    if (take(text, "Zz"))
        return true;
    bool is_west = text.starts_with('-');
    int h = 0, m = 0;
    if (!take(text, "+-") || !take_number(text, 2, h))
        return false;
    take(text, ":");
    if (!take_number(text, 2, m) || h > 23 || m > 59)
        return false;
    offset = (hours(h) + minutes(m)) * (is_west ? -1 : 1);
    return true;
}

}  // namespace

std::optional<timestamp> parse_time(std::string_view text)
{
    sys_days day;
    int h = 0, m = 0, s = 0;
    microseconds fraction{};
    minutes offset{};
    bool is_form = take_date(text, day) && take(text, "Tt ") && take_number(text, 2, h)
                   && take(text, ":") && take_number(text, 2, m) && take(text, ":")
                   && take_number(text, 2, s) && take_fraction(text, fraction)
                   && take_zone(text, offset) && text.empty();
    if (!is_form || h > 23 || m > 59 || s > 60)
        return std::nullopt;
    return timestamp{day} + hours(h) + minutes(m) + seconds(s) + fraction - offset;
}

std::string to_iso(timestamp time)
{
    auto day = floor<days>(time);
    year_month_day date{day};
    hh_mm_ss clock{time - day};
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06lldZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
        static_cast<long long>(duration_cast<microseconds>(clock.subseconds()).count()));
    return text;
}

std::optional<timestamp> parse_date(std::string_view text)
{
    sys_days day;
    if (!take_date(text, day) || !text.empty())
        return std::nullopt;
    return timestamp{day};
}

}  // namespace platform
