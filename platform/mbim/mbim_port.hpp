#pragma once

#include "platform/mbim/mbim_message.hpp"
#include "platform/result.hpp"
#include "platform/wdm_port.hpp"

#include <chrono>
#include <string>

namespace platform::mbim {

/// A modem that speaks MBIM: commands and their answers. Fails with a channel_errc.
class mbim_port {
public:
    explicit mbim_port(std::string device, std::string proxy = "mbim-proxy")
        : port_(std::move(device), std::move(proxy), length_of)
    {
    }

    /// Connects, and opens the modem's session if it is not open already: opening it anew would
    /// end other programs' data connection.
    task<void> open();
    /// One command and its answer, whose status may be an error. Fails with channel_errc::refused
    /// if the modem does not take the message.
    task<answer> send(command what, std::chrono::milliseconds limit);
    /// The same, where an error is a failure of `doing`.
    task<bytes> demand(const char* doing, command what, std::chrono::milliseconds limit);
    /// Writes down the logical channel that is open; 0: none.
    void note_channel(int channel);
    /// The channel that this program left open when it was killed; 0: none.
    int channel_left_behind();
    void close();

private:
    task<void> reach_device();
    task<void> begin_session();
    task<message> ask(bytes request, message_type wanted, std::chrono::milliseconds limit);
    task<message> converse(bytes request, message_type wanted, std::uint32_t transaction);

    wdm_port port_;
    std::uint32_t transaction_ = 0;
    bool is_our_session_ = false;
};

}  // namespace platform::mbim
