#pragma once

#include <functional>

#include <string>
#include <sys/types.h>

namespace platform {

/// Who may connect to a Unix socket, by its peer's credentials (unix(7), SO_PEERCRED).
using peer_check = std::function<bool(uid_t user, gid_t group, pid_t process)>;

/// Lets in root, the agent's own user, and members of `group` (by name; empty: nobody else).
peer_check peers_allowed(const std::string& group);

}  // namespace platform
