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
    /// Sends an APDU to the basic channel.
    task<bytes> send_plainly(bytes apdu) { return exchange(std::move(apdu), usual_apdu_limit); }

protected:
    task<bytes> exchange(bytes apdu, std::chrono::milliseconds limit) override;

private:
    at_port& port_;
};

/// The card in a modem, over its AT port: AT+CCHO, AT+CGLA and AT+CCHC (27.007, 8.45, 8.43 and
/// 8.46), or AT+CSIM where the modem refuses those.
class at_channel final : public euicc_channel {
public:
    /// `sim_pause` lies between questions to a modem that still reads its SIM.
    explicit at_channel(
        std::string device, std::chrono::milliseconds sim_pause = std::chrono::milliseconds(500))
        : port_(std::move(device)), csim_(port_), sim_pause_(sim_pause)
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
    enum class way { none, ccho, csim };

    task<std::string> ccho(std::string aid, bool with_quotes);
    task<std::string> ccho_either_way(std::string aid);
    task<void> open_plainly(bytes aid, failure why);
    task<bytes> cgla(bytes apdu, int channel, std::chrono::milliseconds limit);
    task<bytes> first_transmit(bytes apdu, std::chrono::milliseconds limit);

    at_port port_;
    csim_channel csim_;
    std::chrono::milliseconds sim_pause_;
    way way_ = way::none;
    bytes aid_{};
    std::string session_{};
    bool has_class_ = false;     // class_channel_ was found out
    int class_channel_ = 0;      // that the class byte names; 0: none
    bool has_quotes_ = false;    // with_quotes_ was found out
    bool with_quotes_ = true;    // around the AID
    bool is_announced_ = false;  // TERMINAL CAPABILITY was sent
    bool csim_works_ = true;     // until it was refused
};

}  // namespace platform::at
