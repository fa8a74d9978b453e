#pragma once

#include <string_view>

namespace agent {

/// True if both name one profile: blanks and padding "F" do not count, and one of them may
/// lack the check digit (ITU-T E.118).
bool same_iccid(std::string_view left, std::string_view right);

}  // namespace agent
