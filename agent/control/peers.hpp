#pragma once

#include "agent/net/http_server.hpp"

#include <string>

namespace agent::control {

/// Lets in root, the agent's own user, and members of `group` (by name; empty: nobody else).
net::peer_check peers_allowed(const std::string& group);

}  // namespace agent::control
