#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>

namespace agent::print {

/// Sends bytes where a printer takes them: "tcp://HOST[:PORT]" (port 9100 unless it is named), or
/// what platform::send_to_port() takes: a device, or a file. Ends within its limit.
task<void> send_to_printer(std::string where, std::string bytes);

}  // namespace agent::print
