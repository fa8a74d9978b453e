#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qr {

/// Light modules that a symbol needs on every side (ISO/IEC 18004, 9.1).
constexpr int quiet_zone = 4;

enum class ecc_level { low, medium, quartile, high };

/// A QR code: a square of dark and light modules, without its quiet zone.
class matrix {
public:
    matrix(int size, ecc_level level, std::vector<std::uint8_t> dark)
        : size_(size), level_(level), dark_(std::move(dark))
    {
    }

    /// Modules on a side: 21 for version 1, four more for each next one.
    int size() const { return size_; }
    /// Modules on a side with the quiet zone.
    int full_size() const { return size_ + 2 * quiet_zone; }
    ecc_level level() const { return level_; }

    /// True for a dark module. Coordinates outside the symbol are quiet zone: light.
    bool is_dark(int x, int y) const
    {
        bool is_inside = x >= 0 && y >= 0 && x < size_ && y < size_;
        auto index = static_cast<std::size_t>(y) * static_cast<std::size_t>(size_);
        return is_inside && dark_[index + static_cast<std::size_t>(x)] != 0;
    }

private:
    int size_;
    ecc_level level_;
    std::vector<std::uint8_t> dark_;
};

/// The smallest symbol that holds `text` at ECC level M or better, at the highest level that
/// fits the same size. Nothing if `text` is empty or longer than a symbol can hold (2,331 bytes).
std::optional<matrix> encode(std::string_view text);

}  // namespace qr
