#pragma once

#include "platform/euicc_channel.hpp"

#include <memory>
#include <string>
#include <vector>

namespace platform {

struct channel_settings {
    std::string kind{};         // "at", "pcsc" or "socket"
    std::string device{};       // serial port, beginning of a reader's name, or socket
    std::vector<bytes> aids{};  // what is looked for, where there are several readers
};

/// The channel of that kind, not connected yet; null for a kind that this build does not have.
std::unique_ptr<euicc_channel> make_channel(channel_settings settings);

}  // namespace platform
