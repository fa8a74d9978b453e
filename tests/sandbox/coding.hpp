#pragma once

#include "platform/bytes.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How the outside codes what it says. Written apart from the product: an error that both shared
// would never show.

namespace sandbox {

using platform::byte_view;
using platform::bytes;

/// RFC 4648, section 4.
std::string to_base64(byte_view data);
/// Nothing for text of which no base64 encoder is the author.
std::optional<bytes> from_base64(std::string_view text);

/// RFC 3986, 2.1.
std::string percent_decode(std::string_view text);

/// RFC 3339 in UTC: "2025-03-02T08:15:04Z", with as many fraction digits as there are.
std::string to_rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

/// A TLV of DER (X.690). A view: what it was read from must outlive it.
struct tlv {
    std::uint32_t tag = 0;
    byte_view value{};
    byte_view whole{};
};

std::optional<tlv> read_tlv(byte_view data);
/// The only one in `data`, with this tag.
std::optional<tlv> read_only_tlv(byte_view data, std::uint32_t tag);
std::optional<std::vector<tlv>> read_tlvs(byte_view data);
std::optional<tlv> child(const tlv& parent, std::uint32_t tag);
std::optional<tlv> descend(const tlv& from, std::initializer_list<std::uint32_t> path);
std::optional<std::uint64_t> unsigned_in(const tlv& from);

bytes make_tlv(std::uint32_t tag, byte_view value);
bytes make_tlv(std::uint32_t tag, std::initializer_list<byte_view> parts);
/// Tag and length alone.
bytes make_head(std::uint32_t tag, std::size_t size);
/// The value of an INTEGER (X.690, 8.3).
bytes integer_octets(std::uint64_t number);

/// EF_ICCID (ETSI TS 102 221, 13.2).
bytes iccid_octets(const std::string& digits);
std::string iccid_digits(byte_view octets);

}  // namespace sandbox
