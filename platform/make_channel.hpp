#pragma once

#include "platform/auto_channel.hpp"

#include <memory>
#include <string>
#include <vector>

namespace platform {

struct channel_settings {
    channel_kind kind = channel_kind::none;
    std::string device{};       // serial or control port, beginning of a reader's name, or socket
    unsigned slot = 0;          // the modem's SIM slot, from 1; 0: the one in use
    std::vector<bytes> aids{};  // what is looked for, where there are several ports or readers
    found_port found = std::make_shared<modem_port>();  // what an automatic channel found
    bool is_managed = false;  // ModemManager has the modem, and is to let go of an AT port
};

/// The channel of that kind, not connected yet; null for a kind that this build does not have.
std::unique_ptr<euicc_channel> make_channel(channel_settings settings);

}  // namespace platform
