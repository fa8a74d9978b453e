#pragma once

#include "platform/mbim/mbim_port.hpp"
#include "platform/modem_control.hpp"

#include <string>

namespace platform::mbim {

/// A modem that speaks MBIM, around a change of profile: the card's reset (MS UICC), the ICCID
/// that it has and its registration (MBIM 1.0, 10.5.2 and 10.5.9).
class mbim_control final : public modem_control {
public:
    explicit mbim_control(std::string device, std::string proxy = "mbim-proxy")
        : port_(std::move(device), std::move(proxy))
    {
    }

    task<void> open() override { return port_.open(); }
    void close() override { port_.close(); }
    task<void> refresh() override;
    task<std::string> iccid() override;
    task<platform::registration> registration() override;

private:
    mbim_port port_;
};

/// The registration in MBIM_REGISTRATION_STATE_INFO.
platform::registration registration_in(byte_view information);

}  // namespace platform::mbim
