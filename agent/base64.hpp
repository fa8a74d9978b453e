#pragma once

#include "platform/secret.hpp"

#include <string_view>

namespace agent {

/// Base64 with padding (RFC 4648, section 4). Wiped, since what is encoded may be secret.
platform::wiped_string to_base64(std::string_view bytes);

}  // namespace agent
