#include "qr/png.hpp"

#include "qr/bitmap.hpp"

#include <png.h>

namespace qr {
namespace {

void append(png_structp png, png_bytep data, png_size_t size)
{
    auto* out = static_cast<std::string*>(png_get_io_ptr(png));
    out->append(reinterpret_cast<const char*>(data), size);
}

void no_flush(png_structp) {}

}  // namespace

std::string to_png(const matrix& code, int scale)
{
    // libpng reports failure by longjmp; the one that can happen here is running out of
    // memory, for which the default handler's abort is as good as std::bad_alloc.
    std::string rows = to_bitmap(code, scale).packed_rows();
    std::string out;
    auto side = static_cast<png_uint_32>(code.full_size() * scale);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &out, append, no_flush);
    png_set_IHDR(png, info, side, side, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_write_info(png, info);
    png_set_invert_mono(png);  // our 1 is black, PNG's is white
    std::size_t stride = rows.size() / side;
    for (png_uint_32 y = 0; y < side; ++y)
        png_write_row(png, reinterpret_cast<png_const_bytep>(rows.data() + y * stride));
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return out;
}

}  // namespace qr
