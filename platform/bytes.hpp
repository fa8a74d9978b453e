#pragma once

#include "platform/secret.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

/// Octets on their way to or from a card; wiped, since they may hold a matching ID or a key.
using bytes = std::vector<std::uint8_t, wiping_allocator<std::uint8_t>>;
using byte_view = std::span<const std::uint8_t>;

/// Upper-case hexadecimal digits, two an octet.
std::string to_hex(byte_view data);
/// The same, behind what is in `to` already: for what must be wiped.
void append_hex(wiped_string& to, byte_view data);
/// The octets that hexadecimal digits in any case stand for; nothing for anything else.
std::optional<bytes> from_hex(std::string_view digits);

/// The octets of a text, and a text's octets as they are.
byte_view view_of(std::string_view text);
std::string_view text_of(byte_view data);

void append(bytes& to, byte_view what);

}  // namespace platform
