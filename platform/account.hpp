#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace platform {

/// A user of this system.
struct account {
    std::string name{};
    uid_t user = 0;
    gid_t group = 0;
};

/// The user that `directory` belongs to, unless that is root or it is not there; then the user
/// `otherwise`, if there is one.
std::optional<account> owner_of(const std::string& directory, const std::string& otherwise);

/// Whether that user can open the file for reading, directories above it included. True where this
/// process is not root's, and cannot tell.
bool can_read(const account& who, const std::string& file);

}  // namespace platform
