#pragma once

#include "platform/result.hpp"

#include <functional>
#include <string>

namespace platform {

/// Where a colour's bits are in a pixel (linux/fb.h, fb_bitfield).
struct color_bits {
    int offset = 0;
    int length = 0;
};

/// How a screen's memory is laid out.
struct framebuffer_mode {
    int width = 0;
    int height = 0;
    int bits = 0;    // of a pixel: 16, 24 or 32
    int stride = 0;  // octets from one row to the next
    color_bits red{};
    color_bits green{};
    color_bits blue{};
    color_bits alpha{};
    long begin = 0;  // octets before the first pixel that is seen
    bool is_plain_file = false;
};

/// Reads "800x480x16", or "800x480x16:1664" with a stride; nothing else is asked of a file.
result<framebuffer_mode> parse_framebuffer_mode(const std::string& text);

/// A screen as Linux's fbdev has it, or a file in the same form.
class framebuffer {
public:
    /// Asks the device for its mode; `mode`, if it is not empty, is that of a plain file. Fails if
    /// it is neither, or has another number of bits a pixel.
    static result<framebuffer> open(const std::string& path, const std::string& mode);

    const framebuffer_mode& mode() const { return mode_; }
    /// Makes pixels black or white, all of them.
    result<void> draw(const std::function<bool(int x, int y)>& is_black) const;

private:
    framebuffer(std::string path, framebuffer_mode mode) : path_(std::move(path)), mode_(mode) {}

    std::string path_;
    framebuffer_mode mode_;
};

}  // namespace platform
