#pragma once

#include <string>
#include <vector>

namespace platform {

/// The programs that have a device or file open, "ModemManager (812)", as far as /proc shows them
/// to this user; not this process itself.
std::vector<std::string> holders_of(const std::string& path);

/// True if a program of that name runs.
bool is_running(const std::string& name);

}  // namespace platform
