#include "agent/base/iccid.hpp"

#include <algorithm>

namespace agent {
namespace {

constexpr std::size_t shortest = 18;
constexpr std::size_t most_digits = 22;
constexpr std::size_t coded_digits = 20;  // EF_ICCID has ten octets

void swap_nibbles(std::string& digits)
{
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        std::swap(digits[i], digits[i + 1]);
}

void drop_filler(std::string& digits)
{
    while (digits.ends_with('F') || digits.ends_with('f'))
        digits.pop_back();
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

}  // namespace

std::optional<iccid> iccid::parse(std::string_view text)
{
    std::string digits(text);
    std::erase_if(digits, [](char c) { return c == ' ' || c == '-'; });
    drop_filler(digits);
    bool is_one = digits.size() >= shortest && digits.size() <= most_digits
                  && std::ranges::all_of(digits, is_digit);
    return is_one ? std::optional(iccid(std::move(digits))) : std::nullopt;
}

iccid iccid::from_bcd(platform::byte_view octets)
{
    std::string digits = platform::to_hex(octets);
    swap_nibbles(digits);
    drop_filler(digits);
    return iccid(std::move(digits));
}

platform::bytes iccid::to_bcd() const
{
    if (empty())
        return {};
    std::string digits = digits_;
    digits.resize(coded_digits, 'F');
    swap_nibbles(digits);
    return *platform::from_hex(digits);
}

std::string_view iccid::last_four() const
{
    constexpr std::size_t kept = 4;
    return std::string_view(digits_).substr(digits_.size() - std::min(kept, digits_.size()));
}

bool operator==(const iccid& left, const iccid& right)
{
    bool is_left_shorter = left.digits_.size() < right.digits_.size();
    const std::string& one = is_left_shorter ? left.digits_ : right.digits_;
    const std::string& other = is_left_shorter ? right.digits_ : left.digits_;
    bool lacks_check_digit = one.size() >= shortest && other.size() == one.size() + 1;
    return one == other || (lacks_check_digit && other.starts_with(one));
}

std::ostream& operator<<(std::ostream& out, const iccid& number)
{
    return out << number.text();
}

std::string shortened(std::string_view number)
{
    constexpr std::size_t kept = 4;
    if (number.size() <= 2 * kept)
        return std::string(number);
    return std::string(number.substr(0, kept)) + "..."
           + std::string(number.substr(number.size() - kept));
}

}  // namespace agent
