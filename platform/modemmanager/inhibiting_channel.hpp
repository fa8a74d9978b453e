#pragma once

#include "platform/euicc_channel.hpp"
#include "platform/modemmanager/manager.hpp"

#include <memory>
#include <string>

namespace platform::modemmanager {

/// A port that ModemManager has and does not share: it lets go of the modem while the channel has
/// it. Where it does not run, or leaves that port to others, the port is simply opened.
class inhibiting_channel final : public euicc_channel {
public:
    inhibiting_channel(std::string port, std::unique_ptr<euicc_channel> channel);

    /// Fails with busy if the modem is this device's only way to the network.
    task<void> acquire() override;
    task<void> open(bytes aid) override { return channel_->open(std::move(aid)); }
    task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) override
    {
        return channel_->transmit(std::move(apdu), limit);
    }
    task<void> close() override { return channel_->close(); }
    void release() override;
    task<bool> announce_terminal() override { return channel_->announce_terminal(); }
    task<std::string> imei() override { return channel_->imei(); }
    bool has_modem() const override { return channel_->has_modem(); }

private:
    task<bool> is_free();
    task<void> take_from_manager();

    std::string port_;
    std::unique_ptr<euicc_channel> channel_;
    manager manager_;
    std::string device_;  // the modem's, once ModemManager has shown it
};

}  // namespace platform::modemmanager
