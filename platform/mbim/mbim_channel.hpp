#pragma once

#include "platform/euicc_channel.hpp"
#include "platform/mbim/mbim_port.hpp"

#include <string>

namespace platform::mbim {

/// The card in a modem that speaks MBIM, by Microsoft's low level UICC access. There are two ways
/// to say it, and each modem knows one of them: both are tried.
class mbim_channel final : public euicc_channel {
public:
    /// `sim_pause` lies between questions to a modem that still reads its SIM.
    explicit mbim_channel(std::string device, std::string proxy = "mbim-proxy",
        std::chrono::milliseconds sim_pause = std::chrono::milliseconds(500))
        : port_(std::move(device), std::move(proxy)), sim_pause_(sim_pause)
    {
    }

    /// Also closes the channel that this program left open when it was killed.
    task<void> acquire() override;
    task<void> open(bytes aid) override;
    task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) override;
    task<void> close() override;
    void release() override;
    task<bool> announce_terminal() override;
    task<std::string> imei() override;
    bool has_modem() const override { return true; }

private:
    /// As most modems want it; and with FCI left out, extended class bytes, and Le.
    enum class way { plain, extended };

    task<answer> open_when_ready(bytes aid);
    task<void> open_by(way which, bytes aid);
    task<bytes> send(bytes apdu, std::chrono::milliseconds limit);
    task<void> close_channel(int channel);

    mbim_port port_;
    std::chrono::milliseconds sim_pause_;
    int channel_ = 0;
    way way_ = way::plain;
    bool is_way_known_ = false;
    bool is_announced_ = false;  // TERMINAL CAPABILITY was set
    bytes aid_{};
};

}  // namespace platform::mbim
