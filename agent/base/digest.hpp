#pragma once

#include "platform/bytes.hpp"

#include <string>
#include <string_view>

namespace agent {

/// The SHA-256 of `data`, 32 octets.
platform::bytes sha256(platform::byte_view data);

/// HMAC-SHA256 (RFC 2104) of `text`, 32 octets.
platform::bytes hmac_sha256(platform::byte_view key, std::string_view text);

/// `octets` random octets, as hexadecimal digits: nobody can guess it.
std::string random_hex(std::size_t octets);

/// True for what random_hex() may give: that many octets, as hexadecimal digits in upper case.
bool is_hex_of(std::string_view text, std::size_t octets);

}  // namespace agent
