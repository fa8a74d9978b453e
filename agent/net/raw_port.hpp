#pragma once

#include "agent/vocabulary.hpp"

#include <string>

namespace agent::net {

/// Sends bytes where a printer takes them: "tcp://HOST[:PORT]" (port 9100 unless it is named), a
/// device (a serial line as fast as it is set), or a file, which is replaced whole. Ends in time
/// also where a printer is out of paper: 20 seconds, and what 9600 baud take.
task<void> send_to_port(std::string where, std::string bytes);

}  // namespace agent::net
