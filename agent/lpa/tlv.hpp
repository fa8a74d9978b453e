#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/bytes.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

namespace agent::lpa {

using platform::byte_view;
using platform::bytes;

/// A BER-TLV (ISO 8825-1; SGP.22 is ASN.1 in DER, but some cards write lengths in more octets than
/// they need). A view: what it was read from must outlive it.
struct tlv {
    std::uint32_t tag = 0;  // as written: 0x5A, 0xBF36
    byte_view value{};
    byte_view whole{};  // tag and length too: what signatures are made over

    /// True if the value is a row of TLVs (bit 6 of the first octet).
    bool is_constructed() const { return !whole.empty() && (whole[0] & 0x20) != 0; }
};

/// No ES10 object is larger: a bound profile package of a few hundred kB is.
constexpr std::size_t largest_tlv = 4 * 1024 * 1024;
/// No ES10 object is deeper; deeper ones are refused.
constexpr int deepest_tlv = 16;

/// The TLV that `data` begins with. Fails for a tag of more than three octets, an indefinite
/// length, a length in more than four octets, and one that runs past the end.
result<tlv> read_tlv(byte_view data);
/// The only TLV in `data`, which must have this tag and nothing behind it.
result<tlv> read_only_tlv(byte_view data, std::uint32_t tag);
/// All TLVs in a row, at most 10,000.
result<std::vector<tlv>> read_tlvs(byte_view data);
/// Fails if `data` is no row of TLVs all the way down.
result<void> check_tlvs(byte_view data, int depth = 0);

/// The first child with this tag; nothing if there is none, or the parent is no row of TLVs.
std::optional<tlv> child(const tlv& parent, std::uint32_t tag);
/// child(), of child(), and so on.
std::optional<tlv> descend(const tlv& from, std::initializer_list<std::uint32_t> path);

/// An INTEGER or another number, big-endian; nothing if it is empty, or larger than a long's 63
/// bits, or negative.
std::optional<std::uint64_t> unsigned_in(const tlv& from);

/// The same for a number that is never negative, also where its leading zero was left out.
std::optional<std::uint64_t> plain_unsigned_in(const tlv& from);

/// One TLV, made of a tag and its value.
bytes make_tlv(std::uint32_t tag, byte_view value);
/// One TLV, made of a tag and the parts of its value.
bytes make_tlv(std::uint32_t tag, std::initializer_list<byte_view> parts);
/// Tag and length of a TLV whose value of `size` octets follows elsewhere.
bytes make_head(std::uint32_t tag, std::size_t size);
/// An INTEGER's value octets (X.690, 8.3) of a number that is not negative.
bytes integer_octets(std::uint64_t number);

}  // namespace agent::lpa
