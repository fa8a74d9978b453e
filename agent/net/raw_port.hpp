#pragma once

#include "agent/vocabulary.hpp"

#include <string>

namespace agent::net {

/// Sends bytes where a printer takes them: "tcp://HOST[:PORT]" (port 9100 unless it is named), a
/// device, or a file, which is replaced whole. Ends within 20 seconds, also where a printer is out
/// of paper.
task<void> send_to_port(std::string where, std::string bytes);

}  // namespace agent::net
