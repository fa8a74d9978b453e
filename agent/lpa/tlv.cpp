#include "agent/lpa/tlv.hpp"

#include "agent/lpa/error.hpp"

namespace agent::lpa {
namespace {

constexpr std::size_t most_tlvs = 10'000;

failure malformed_object(const char* why)
{
    return {errc::malformed_tlv, why};
}

}  // namespace

result<tlv> read_tlv(byte_view data)
{
    if (data.empty())
        return malformed_object("a tag is missing");
    tlv out;
    std::size_t at = 0;
    out.tag = data[at++];
    bool is_long_tag = (out.tag & 0x1fU) == 0x1fU;
    while (is_long_tag) {
        if (at == data.size())
            return malformed_object("a tag is cut off");
        if (at == 3)
            return malformed_object("a tag is too long");
        std::uint8_t next = data[at++];
        out.tag = out.tag << 8 | next;
        is_long_tag = (next & 0x80U) != 0;
    }
    if (at == data.size())
        return malformed_object("a length is missing");
    std::size_t length = data[at++];
    if (length >= 0x80) {
        std::size_t octets = length & 0x7fU;
        if (octets == 0 || octets > 4 || octets > data.size() - at)
            return malformed_object("a length is indefinite, too long or cut off");
        length = 0;
        for (std::size_t i = 0; i < octets; ++i)
            length = length << 8 | data[at++];
    }
    if (length > largest_tlv)
        return malformed_object("an object is too large");
    if (length > data.size() - at)
        return malformed_object("an object runs past the end");
    out.value = data.subspan(at, length);
    out.whole = data.first(at + length);
    return out;
}

result<tlv> read_only_tlv(byte_view data, std::uint32_t tag)
{
    auto found = read_tlv(data);
    if (!found)
        return found.error();
    if (found->tag != tag)
        return malformed_object("another object than the one expected");
    if (found->whole.size() != data.size())
        return malformed_object("there is something behind the object");
    return found;
}

result<std::vector<tlv>> read_tlvs(byte_view data)
{
    std::vector<tlv> out;
    while (!data.empty()) {
        auto next = read_tlv(data);
        if (!next)
            return next.error();
        if (out.size() == most_tlvs)
            return malformed_object("too many objects");
        data = data.subspan(next->whole.size());
        out.push_back(*next);
    }
    return out;
}

result<void> check_tlvs(byte_view data, int depth)
{
    if (depth == deepest_tlv)
        return malformed_object("objects are nested too deeply");
    auto all = read_tlvs(data);
    if (!all)
        return all.error();
    for (const tlv& each : *all) {
        if (!each.is_constructed())
            continue;
        if (auto good = check_tlvs(each.value, depth + 1); !good)
            return good.error();
    }
    return {};
}

std::optional<tlv> child(const tlv& parent, std::uint32_t tag)
{
    byte_view rest = parent.value;
    while (!rest.empty()) {
        auto next = read_tlv(rest);
        if (!next)
            return std::nullopt;
        if (next->tag == tag)
            return *next;
        rest = rest.subspan(next->whole.size());
    }
    return std::nullopt;
}

std::optional<tlv> descend(const tlv& from, std::initializer_list<std::uint32_t> path)
{
    std::optional<tlv> at = from;
    for (std::uint32_t tag : path) {
        at = child(*at, tag);
        if (!at)
            return std::nullopt;
    }
    return at;
}

std::optional<std::uint64_t> unsigned_in(const tlv& from)
{
    byte_view octets = from.value;
    bool is_number = !octets.empty() && octets.size() <= 9 && (octets[0] & 0x80U) == 0;
    if (!is_number || (octets.size() == 9 && octets[0] != 0))
        return std::nullopt;
    std::uint64_t out = 0;
    for (std::uint8_t octet : octets)
        out = out << 8 | octet;
    return out >> 63 == 0 ? std::optional(out) : std::nullopt;
}

std::optional<std::uint64_t> plain_unsigned_in(const tlv& from)
{
    constexpr std::size_t most_octets = 7;
    bool lacks_zero =
        !from.value.empty() && from.value.size() <= most_octets && (from.value[0] & 0x80U) != 0;
    if (!lacks_zero)
        return unsigned_in(from);
    std::uint64_t out = 0;
    for (std::uint8_t octet : from.value)
        out = out << 8 | octet;
    return out;
}

bytes make_head(std::uint32_t tag, std::size_t size)
{
    bytes out;
    for (int shift = 24; shift >= 0; shift -= 8)
        if (tag >> shift != 0)
            out.push_back(static_cast<std::uint8_t>(tag >> shift & 0xffU));
    if (size < 0x80) {
        out.push_back(static_cast<std::uint8_t>(size));
        return out;
    }
    int octets = 1;
    while (size >> (8 * octets) != 0)
        ++octets;
    out.push_back(static_cast<std::uint8_t>(0x80 | octets));
    for (int i = octets - 1; i >= 0; --i)
        out.push_back(static_cast<std::uint8_t>(size >> (8 * i) & 0xffU));
    return out;
}

bytes make_tlv(std::uint32_t tag, byte_view value)
{
    return make_tlv(tag, {value});
}

bytes make_tlv(std::uint32_t tag, std::initializer_list<byte_view> parts)
{
    std::size_t size = 0;
    for (byte_view part : parts)
        size += part.size();
    bytes out = make_head(tag, size);
    out.reserve(out.size() + size);
    for (byte_view part : parts)
        platform::append(out, part);
    return out;
}

bytes integer_octets(std::uint64_t number)
{
    bytes out;
    int octets = 1;
    while (octets < 8 && number >> (8 * octets - 1) != 0)
        ++octets;
    if (octets == 8 && number >> 63 != 0)
        out.push_back(0);
    for (int i = octets - 1; i >= 0; --i)
        out.push_back(static_cast<std::uint8_t>(number >> (8 * i) & 0xffU));
    return out;
}

}  // namespace agent::lpa
