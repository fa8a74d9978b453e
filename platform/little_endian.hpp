#pragma once

#include "platform/bytes.hpp"

namespace platform {

// Numbers as USB and the modems' protocols have them, on a host of either order.

inline void append_le16(bytes& to, unsigned value)
{
    to.push_back(static_cast<std::uint8_t>(value & 0xffU));
    to.push_back(static_cast<std::uint8_t>(value >> 8 & 0xffU));
}

inline void append_le32(bytes& to, std::uint32_t value)
{
    append_le16(to, value & 0xffffU);
    append_le16(to, value >> 16);
}

/// The number of 16 bits at `offset`; 0 if it is not all there.
inline unsigned le16_at(byte_view from, std::size_t offset)
{
    bool is_there = from.size() >= 2 && offset <= from.size() - 2;
    return is_there ? from[offset] | static_cast<unsigned>(from[offset + 1]) << 8 : 0U;
}

/// The number of 32 bits at `offset`; 0 if it is not all there.
inline std::uint32_t le32_at(byte_view from, std::size_t offset)
{
    bool is_there = from.size() >= 4 && offset <= from.size() - 4;
    return is_there ? le16_at(from, offset) | le16_at(from, offset + 2) << 16 : 0U;
}

}  // namespace platform
