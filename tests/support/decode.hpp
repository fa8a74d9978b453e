#pragma once

#include <string>
#include <vector>

namespace tests {

/// Rows of modules as they were drawn: true is dark. Quiet zone included.
using grid = std::vector<std::vector<bool>>;

// What a person sees, from the text forms. Throw if the text is not of that form.
grid grid_from_utf8(const std::string& text);
grid grid_from_ansi(const std::string& text);
grid grid_from_ascii(const std::string& text);  // as on a console with a dark ground
/// From a binary PBM.
grid grid_from_pbm(const std::string& image);

/// Light modules around the dark ones on the narrowest side, in modules of `scale` cells.
int quiet_zone_of(const grid& drawn, int scale = 1);

/// A PBM of what was drawn, `scale` pixels a cell.
std::string pbm_of(const grid& drawn, int scale);

/// What a scanner (zbar) reads in an image file; empty if nothing.
std::string scan(const std::string& file);
/// The same for the bytes of an image; `name` tells its type by its ending. SVG is drawn by
/// librsvg first.
std::string scan_bytes(const std::string& bytes, const std::string& name);

}  // namespace tests
