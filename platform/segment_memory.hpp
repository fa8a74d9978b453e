#pragma once

#include "platform/result.hpp"

#include <cstddef>
#include <string>

namespace platform {

/// Which segments of STORE DATA a path took last, in a file: so that a modem that does not hear
/// longer ones is not tried with them each time.
class segment_memory {
public:
    /// `path` is the way to the card, as the configuration names it; without a `file` nothing is
    /// remembered.
    segment_memory(std::string file, std::string path)
        : file_(std::move(file)), path_(std::move(path))
    {
    }

    /// The octets that were remembered for this path; 0 if none were.
    std::size_t recall() const;
    result<void> remember(std::size_t octets) const;

private:
    std::string file_;
    std::string path_;
};

}  // namespace platform
