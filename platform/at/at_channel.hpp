#pragma once

#include "platform/at/at_port.hpp"
#include "platform/logical_channel.hpp"

#include <string>

namespace platform::at {

/// APDUs as they are, by AT+CSIM (27.007, 8.17): for modems without AT+CCHO.
class csim_channel final : public logical_channel {
public:
    explicit csim_channel(at_port& port) : port_(port) {}

    task<void> acquire() override;
    void release() override {}
    task<std::string> imei() override;
    bool has_modem() const override { return true; }

protected:
    task<bytes> exchange(bytes apdu, std::chrono::milliseconds limit) override;

private:
    at_port& port_;
};

/// The card in a modem, over its AT port: AT+CCHO, AT+CGLA and AT+CCHC (27.007, 8.45, 8.43 and
/// 8.46), or AT+CSIM where the modem refuses those.
class at_channel final : public euicc_channel {
public:
    explicit at_channel(std::string device) : port_(std::move(device)), csim_(port_) {}

    task<void> acquire() override { return port_.open(); }
    task<void> open(bytes aid) override;
    task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) override;
    task<void> close() override;
    void release() override;
    task<std::string> imei() override;
    bool has_modem() const override { return true; }

private:
    enum class way { none, ccho, csim };

    task<int> ccho(std::string aid);
    task<void> close_stale();

    at_port port_;
    csim_channel csim_;
    way way_ = way::none;
    int session_ = 0;
    bool has_closed_stale_ = false;
    bool csim_works_ = true;  // until it was refused
};

}  // namespace platform::at
