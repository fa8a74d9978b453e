#pragma once

#include "platform/euicc_channel.hpp"

#include <memory>
#include <string>
#include <vector>

namespace platform {

/// The ways to a card that there are; none: this device has no card to use.
enum class channel_kind { none, at, pcsc, socket, qmi, mbim };

struct channel_settings {
    channel_kind kind = channel_kind::none;
    std::string device{};       // serial or control port, beginning of a reader's name, or socket
    unsigned slot = 0;          // the modem's SIM slot, from 1; 0: the one in use
    std::vector<bytes> aids{};  // what is looked for, where there are several readers
};

/// The channel of that kind, not connected yet; null for a kind that this build does not have.
std::unique_ptr<euicc_channel> make_channel(channel_settings settings);

}  // namespace platform
