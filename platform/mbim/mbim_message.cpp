#include "platform/mbim/mbim_message.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/little_endian.hpp"

#include <algorithm>

namespace platform::mbim {
namespace {

constexpr std::size_t header = 12;          // type, length, transaction
constexpr std::size_t fragment_header = 8;  // how many, which
constexpr std::size_t command_header = 28;  // service, id, set or query, size
constexpr std::size_t done_header = 28;     // service, id, status, size
constexpr std::uint32_t most_octets = 65'536;
constexpr std::uint32_t largest_transfer = 4096;

bool has_fragments(message_type type)
{
    return type == message_type::command_done || type == message_type::indication;
}

bytes begin(message_type type, std::size_t length, std::uint32_t transaction)
{
    bytes out;
    out.reserve(length);
    append_le32(out, static_cast<std::uint32_t>(type));
    append_le32(out, static_cast<std::uint32_t>(length));
    append_le32(out, transaction);
    return out;
}

byte_view part(byte_view from, std::uint32_t offset, std::uint32_t size)
{
    bool is_there = offset <= from.size() && size <= from.size() - offset;
    return is_there ? from.subspan(offset, size) : byte_view();
}

}  // namespace

const uuid basic_connect{
    0xa2, 0x89, 0xcc, 0x33, 0xbc, 0xbb, 0x8b, 0x4f, 0xb6, 0xb0, 0x13, 0x3e, 0xc2, 0xaa, 0xe6, 0xdf};
const uuid uicc_access{
    0xc2, 0xf6, 0x58, 0x8e, 0xf0, 0x37, 0x4b, 0xc9, 0x86, 0x65, 0xf4, 0xd4, 0x4b, 0xd0, 0x93, 0x67};
const uuid proxy_control{
    0x83, 0x8c, 0xf7, 0xfb, 0x8d, 0x0d, 0x4d, 0x7f, 0x87, 0x1e, 0xd7, 0x1d, 0xbe, 0xfb, 0xb3, 0x9b};

bytes open_message(std::uint32_t transaction)
{
    bytes out = begin(message_type::open, header + 4, transaction);
    append_le32(out, largest_transfer);
    return out;
}

bytes close_message(std::uint32_t transaction)
{
    return begin(message_type::close, header, transaction);
}

bytes command_message(std::uint32_t transaction, const command& what)
{
    std::size_t length = header + fragment_header + command_header + what.information.size();
    bytes out = begin(message_type::command, length, transaction);
    append_le32(out, 1);  // fragments
    append_le32(out, 0);
    append(out, what.of);
    append_le32(out, what.id);
    append_le32(out, what.is_set ? 1 : 0);
    append_le32(out, static_cast<std::uint32_t>(what.information.size()));
    append(out, what.information);
    return out;
}

std::optional<std::size_t> length_of(byte_view from)
{
    if (from.size() < 8)
        return 0;
    std::uint32_t length = le32_at(from, 4);
    bool is_plausible = length >= header && length <= most_octets;
    return is_plausible ? std::optional<std::size_t>(length) : std::nullopt;
}

std::optional<message> parse(byte_view whole)
{
    if (whole.size() < header)
        return std::nullopt;
    message out;
    out.type = static_cast<message_type>(le32_at(whole, 0));
    out.transaction = le32_at(whole, 8);
    byte_view rest = whole.subspan(header);
    if (has_fragments(out.type)) {
        if (rest.size() < fragment_header)
            return std::nullopt;
        out.fragments = le32_at(rest, 0);
        out.fragment = le32_at(rest, 4);
        if (out.fragment >= out.fragments)
            return std::nullopt;
        rest = rest.subspan(fragment_header);
    }
    out.rest.assign(rest.begin(), rest.end());
    return out;
}

std::optional<answer> answer_in(byte_view rest, const command& to)
{
    bool is_answer = rest.size() >= done_header
                     && std::ranges::equal(rest.first(to.of.size()), to.of)
                     && le32_at(rest, to.of.size()) == to.id;
    if (!is_answer)
        return std::nullopt;
    answer out;
    out.status = static_cast<mbim::status>(le32_at(rest, 20));
    byte_view information = rest.subspan(done_header);
    std::size_t size = std::min<std::size_t>(information.size(), le32_at(rest, 24));
    out.information.assign(
        information.begin(), information.begin() + static_cast<std::ptrdiff_t>(size));
    return out;
}

mbim::status status_in(byte_view rest)
{
    return static_cast<mbim::status>(le32_at(rest, 0));
}

byte_view sized_field(byte_view from, std::size_t at)
{
    return part(from, le32_at(from, at + 4), le32_at(from, at));
}

byte_view offset_field(byte_view from, std::size_t at)
{
    return part(from, le32_at(from, at), le32_at(from, at + 4));
}

std::string text_in(byte_view utf16)
{
    std::string out;
    for (std::size_t at = 0; at + 1 < utf16.size(); at += 2) {
        unsigned unit = le16_at(utf16, at);
        out += unit >= 0x20 && unit < 0x7f ? static_cast<char>(unit) : '?';
    }
    return out;
}

bytes utf16_of(const std::string& text)
{
    bytes out;
    for (char c : text)
        append_le16(out, static_cast<unsigned char>(c));
    return out;
}

failure failure_for(const char* doing, mbim::status what)
{
    auto number = static_cast<std::uint32_t>(what);
    std::string words = std::string(doing) + ": MBIM status " + std::to_string(number);
    switch (what) {
    case status::sim_not_inserted: return {channel_errc::no_sim, words};
    case status::busy:
    case status::not_initialized: return {channel_errc::sim_busy, words};
    case status::pin_required: return {channel_errc::sim_pin, words};
    case status::no_device_support:
        return {channel_errc::refused, words
                                           + ": the modem's firmware does not know the command; "
                                             "its AT port may"};
    default: return {channel_errc::refused, words};
    }
}

}  // namespace platform::mbim
