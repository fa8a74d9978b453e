#include "platform/framebuffer.hpp"
#include "platform/error.hpp"

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fcntl.h>
#include <linux/fb.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace platform {
namespace {

failure bad(const std::string& why)
{
    return {errc::configuration, why};
}

failure last_error(const std::string& what)
{
    return {error_code(errno, boost::system::system_category()), what};
}

class file {
public:
    /// A device that is gone must not become a file.
    file(const std::string& path, bool may_make)
        : handle_(
            ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY | (may_make ? O_CREAT : 0), 0600))
    {
    }
    ~file() { ::close(handle_); }
    file(const file&) = delete;
    file& operator=(const file&) = delete;

    int handle() const { return handle_; }

private:
    int handle_;
};

color_bits color_from(const fb_bitfield& field)
{
    return {static_cast<int>(field.offset), static_cast<int>(field.length)};
}

/// What a device says of itself; nothing if it is none.
result<framebuffer_mode> ask(const file& device, const std::string& path)
{
    fb_var_screeninfo screen{};
    fb_fix_screeninfo memory{};
    bool is_one = ::ioctl(device.handle(), FBIOGET_VSCREENINFO, &screen) == 0
                  && ::ioctl(device.handle(), FBIOGET_FSCREENINFO, &memory) == 0;
    if (!is_one)
        return bad(path + " is no framebuffer; for a plain file name its mode=\"800x480x16\"");
    framebuffer_mode out;
    out.width = static_cast<int>(screen.xres);
    out.height = static_cast<int>(screen.yres);
    out.bits = static_cast<int>(screen.bits_per_pixel);
    out.stride = static_cast<int>(memory.line_length);
    out.begin = static_cast<long>(screen.yoffset) * out.stride
                + static_cast<long>(screen.xoffset) * out.bits / 8;
    out.red = color_from(screen.red);
    out.green = color_from(screen.green);
    out.blue = color_from(screen.blue);
    out.alpha = color_from(screen.transp);
    return out;
}

std::uint32_t all_bits(color_bits of)
{
    return of.length == 0 ? 0 : ((1U << of.length) - 1) << of.offset;
}

bool is_known(int bits)
{
    return bits == 16 || bits == 24 || bits == 32;
}

}  // namespace

result<framebuffer_mode> parse_framebuffer_mode(const std::string& text)
{
    framebuffer_mode out;
    const char* at = text.data();
    const char* end = text.data() + text.size();
    for (int* number : {&out.width, &out.height, &out.bits, &out.stride}) {
        auto [rest, ec] = std::from_chars(at, end, *number);
        if (ec != std::errc())
            return bad("the mode is e.g. 800x480x16, or 800x480x16:1664 with a stride");
        bool is_last = rest == end && number == &out.bits;
        if (is_last)
            out.stride = out.width * out.bits / 8;
        at = rest;
        if (rest == end)
            break;
        ++at;
    }
    constexpr int most = 16'384;
    bool fits = at == end && is_known(out.bits) && out.width > 0 && out.width <= most
                && out.height > 0 && out.height <= most && out.stride >= out.width * out.bits / 8
                && out.stride <= 4 * most;
    if (!fits)
        return bad("the mode is WIDTHxHEIGHTxBITS[:STRIDE], of 16, 24 or 32 bits a pixel");
    out.is_plain_file = true;
    bool is_565 = out.bits == 16;
    out.red = is_565 ? color_bits{11, 5} : color_bits{16, 8};
    out.green = is_565 ? color_bits{5, 6} : color_bits{8, 8};
    out.blue = is_565 ? color_bits{0, 5} : color_bits{0, 8};
    return out;
}

result<framebuffer> framebuffer::open(const std::string& path, const std::string& mode)
{
    if (!mode.empty()) {
        auto parsed = parse_framebuffer_mode(mode);
        if (!parsed)
            return parsed.error();
        return framebuffer(path, *parsed);
    }
    if (::access(path.c_str(), W_OK) != 0)
        return last_error(path);
    file device{path, false};
    auto asked = ask(device, path);
    if (!asked)
        return asked.error();
    if (asked->stride < asked->width * asked->bits / 8)
        return bad(path + " says that its rows are shorter than the screen is wide");
    if (!is_known(asked->bits))
        return bad(path + " has " + std::to_string(asked->bits)
                   + " bits a pixel; 16, 24 and 32 are known (fbset -depth 16)");
    return framebuffer(path, *asked);
}

result<void> framebuffer::draw(const std::function<bool(int x, int y)>& is_black) const
{
    file device{path_, mode_.is_plain_file};
    if (device.handle() < 0)
        return last_error(path_);
    std::uint32_t black = all_bits(mode_.alpha);
    std::uint32_t white =
        black | all_bits(mode_.red) | all_bits(mode_.green) | all_bits(mode_.blue);
    auto size = static_cast<std::size_t>(mode_.bits / 8);
    auto width = static_cast<std::size_t>(mode_.width);
    std::string row(static_cast<std::size_t>(mode_.stride), '\0');
    for (int y = 0; y < mode_.height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            std::uint32_t pixel = is_black(static_cast<int>(x), y) ? black : white;
            for (std::size_t octet = 0; octet < size; ++octet)
                row[x * size + octet] = static_cast<char>(pixel >> 8 * octet & 0xFF);
        }
        // Only what is seen: where the view is moved, the last row's end lies beyond the memory.
        auto at = static_cast<off_t>(mode_.begin) + static_cast<off_t>(y) * mode_.stride;
        bool is_whole = mode_.is_plain_file;
        errno = ENOSPC;  // if less was taken than given
        auto wanted = is_whole ? row.size() : width * size;
        if (::pwrite(device.handle(), row.data(), wanted, at) != static_cast<ssize_t>(wanted))
            return last_error(path_);
    }
    return {};
}

}  // namespace platform
