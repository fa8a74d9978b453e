#pragma once

#include "platform/euicc_channel.hpp"
#include "platform/qmi/qmi_port.hpp"

#include <string>

namespace platform::qmi {

/// The card in a modem that speaks QMI, by its UIM service: Open Logical Channel, Send APDU and
/// Logical Channel (libqmi 1.36 and later have them).
class qmi_channel final : public euicc_channel {
public:
    /// `physical_slot` is the SIM slot to be used, from 1; 0: the one that is. `sim_pause` lies
    /// between questions to a modem that still reads its SIM.
    explicit qmi_channel(std::string device, unsigned physical_slot = 0,
        std::string proxy = "qmi-proxy",
        std::chrono::milliseconds sim_pause = std::chrono::milliseconds(500))
        : port_(std::move(device), std::move(proxy))
        , physical_slot_(physical_slot)
        , sim_pause_(sim_pause)
    {
    }

    /// Also releases what this program left open when it was killed.
    task<void> acquire() override;
    task<void> open(bytes aid) override;
    task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) override;
    task<void> close() override;
    void release() override;
    task<bool> announce_terminal() override;
    task<std::string> imei() override;
    bool has_modem() const override { return true; }

private:
    task<message> open_when_ready(bytes aid);
    task<bytes> send(bytes apdu, int channel, std::chrono::milliseconds limit);
    task<void> choose_slot();

    qmi_port port_;
    unsigned physical_slot_;
    std::chrono::milliseconds sim_pause_;
    int channel_ = 0;
    bool is_announced_ = false;  // TERMINAL CAPABILITY was sent
};

}  // namespace platform::qmi
