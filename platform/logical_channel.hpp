#pragma once

#include "platform/euicc_channel.hpp"

namespace platform {

/// The class byte `cla` for a logical channel (ETSI TS 102 221, 10.1.1): 1 to 3, or 4 to 19.
std::uint8_t class_for(std::uint8_t cla, int channel);

/// TERMINAL CAPABILITY of a device that handles eUICCs (ETSI TS 102 221, 11.1.19.2.4): some cards
/// show their ISD-R only then.
bytes terminal_capability();

/// A channel to a card that takes bare APDUs: opens and closes the logical channel itself with
/// MANAGE CHANNEL and SELECT (ETSI TS 102 221, 11.1.17 and 11.1.1).
class logical_channel : public euicc_channel {
public:
    task<void> open(bytes aid) override;
    task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) override;
    task<void> close() override;

    /// The open channel; 0 if none is.
    int channel() const { return channel_; }
    /// Closes a channel that was written down as "csim 1" by a process that was killed.
    task<void> close_left_behind(std::string note);

protected:
    /// Sends one APDU as it is and gives the answer as it is.
    virtual task<bytes> exchange(bytes apdu, std::chrono::milliseconds limit) = 0;
    /// The channel did not outlive what happened to the card.
    void forget_channel() { channel_ = 0; }

private:
    task<int> manage_channel();
    task<void> close_channel(int channel);

    int channel_ = 0;
};

}  // namespace platform
