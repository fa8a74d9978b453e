#pragma once

#include "platform/bytes.hpp"
#include "platform/secret.hpp"

#include <optional>
#include <string_view>

namespace agent {

/// Base64 with padding (RFC 4648, section 4). Wiped, since what is encoded may be secret.
platform::wiped_string to_base64(std::string_view bytes);

/// What base64 stands for; white space in it does not count, since servers break lines. Nothing
/// for anything else that is not strictly base64 with padding, also stray bits at its end.
std::optional<platform::bytes> from_base64(std::string_view text);

}  // namespace agent
