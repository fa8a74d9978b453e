#pragma once

#include "platform/result.hpp"

#include <string>

namespace platform {

/// The state directory for this process alone (flock on STATE/lock), until it is destroyed.
class state_lock {
public:
    /// Makes the directory (0700) if need be. Fails with device_or_resource_busy if another
    /// process has it.
    static result<state_lock> take(const std::string& directory);

    ~state_lock();
    state_lock(const state_lock&) = delete;
    state_lock& operator=(const state_lock&) = delete;
    state_lock(state_lock&& other) noexcept;
    state_lock& operator=(state_lock&& other) noexcept;

private:
    explicit state_lock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_ = -1;
};

}  // namespace platform
