#pragma once

#include <string_view>
#include <vector>

namespace qr {

enum class mode { numeric, alphanumeric, byte };

struct segment {
    qr::mode mode = mode::byte;
    std::string_view text{};
};

/// `text` cut into the segments that need the fewest bits in a symbol of `version`
/// (ISO/IEC 18004, 7.4: the length fields grow at versions 10 and 27). The parts view `text`.
std::vector<segment> split(std::string_view text, int version);

/// How many bits these segments need in a symbol of `version`, mode and length fields included.
int bits(const std::vector<segment>& segments, int version);

}  // namespace qr
