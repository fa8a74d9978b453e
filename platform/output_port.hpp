#pragma once

#include "platform/result.hpp"

#include <chrono>
#include <string>

namespace platform {

/// Sends bytes to a device (a serial line as fast as it is set), or into a file, which is replaced
/// whole. Ends within output_limit(), also where a printer is out of paper.
task<void> send_to_port(std::string where, std::string octets);

/// How long a printer may take for these bytes: 20 seconds, and what 9600 baud take.
std::chrono::seconds output_limit(const std::string& octets);

}  // namespace platform
