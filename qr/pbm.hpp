#pragma once

#include "qr/matrix.hpp"

#include <string>

namespace qr {

/// Whole pixels a module so that the image with its quiet zone is as close to `pixels` on a
/// side as it can be without being larger; at least 1.
int scale_for(const matrix& code, int pixels);

/// Rows of a 1-bit image, most significant bit first, 1 is black, each row padded to a byte.
std::string packed_rows(const matrix& code, int scale);

/// A binary PBM (Netpbm "P4") of `scale` pixels a module, quiet zone included.
std::string to_pbm(const matrix& code, int scale);

}  // namespace qr
