#pragma once

#include "platform/result.hpp"

#include <string>

namespace platform {

/// True if a Unix socket cannot have that name (unix(7): 107 characters at most).
bool is_too_long_for_a_socket(const std::string& path);

/// A descriptor that listens on the Unix socket `path` (mode 0660; `group` by name, unless it is
/// empty), in the place of a socket that nobody listens on. The caller closes it and removes the
/// file. Fails with errc::in_use if somebody listens there, with errc::configuration if the path
/// is too long or the group cannot have it.
result<int> listen_on_unix_socket(const std::string& path, const std::string& group);

}  // namespace platform
