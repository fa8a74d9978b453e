#pragma once

#include "platform/bytes.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace agent {

/// The number of a profile (ICCID; ITU-T E.118): 18 to 22 digits, or none.
class iccid {
public:
    iccid() = default;

    /// Reads it as people and servers write it: blanks, hyphens and filler "F" at its end do not
    /// count. Nothing if what is left is not 18 to 22 digits.
    static std::optional<iccid> parse(std::string_view text);
    /// The same for text that may hold one: none if it does not.
    static iccid from(std::string_view text) { return parse(text).value_or(iccid()); }
    /// Reads it as a card codes it: nibbles swapped, filler F (ETSI TS 102 221, 13.2). A digit
    /// that is none (some cards have them) is kept as "A" to "E", so that the card knows it again.
    static iccid from_bcd(platform::byte_view octets);

    /// As a card codes it: ten octets; nothing for none.
    platform::bytes to_bcd() const;

    const std::string& text() const { return digits_; }
    bool empty() const { return digits_.empty(); }
    /// What tells profiles apart for people, without giving the number away; may be empty.
    std::string_view last_four() const;

    /// True if both name one profile: one of them may lack the check digit. Two that are none are
    /// equal.
    friend bool operator==(const iccid& left, const iccid& right);

private:
    explicit iccid(std::string digits) : digits_(std::move(digits)) {}

    std::string digits_;
};

std::ostream& operator<<(std::ostream& out, const iccid& number);

/// An ICCID or EID without its middle, for logs: "8904...1230".
std::string shortened(std::string_view number);

}  // namespace agent
