#pragma once

#include "platform/at/at_port.hpp"
#include "platform/modem_control.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platform::at {

/// A modem by its AT port: AT+CFUN (27.007, 8.2), AT+CRSM (8.18), AT+CEREG, AT+C5GREG, AT+CGREG
/// and AT+CREG (10.1.22, 10.1.47, 10.1.20, 7.2), AT+COPS (7.3), AT+CGDCONT (10.1.1), AT+CGAUTH
/// (10.1.31), AT+CGATT (10.1.9).
class at_control final : public modem_control {
public:
    explicit at_control(std::string device) : port_(std::move(device)) {}

    task<void> open() override { return port_.open(); }
    void close() override { port_.close(); }
    task<void> refresh() override;
    task<std::string> iccid() override;
    task<platform::registration> registration() override;
    /// Writes the APN of the first PDP context if it is another, and user and password (PAP) if
    /// there are any; for another APN the modem leaves packet data first, and it is attached in the
    /// end.
    task<data_connection> connect_data(data_settings what) override;

private:
    task<bool> has_apn(std::string apn);
    /// Fails with refused if the modem does not take it.
    task<void> set(wiped_string command, std::chrono::milliseconds limit);
    task<std::optional<registration_state>> ask(std::string name);

    at_port port_;
};

/// What "+CEREG: 0,5" says: the second number, or the only one (7.2). Nothing if it says none.
std::optional<registration_state> state_in(std::string_view line);

/// The digits of EF-ICCID as AT+CRSM gives it: `144,0,"989910..."`, nibbles swapped (TS 102 221,
/// 13.2); empty if that is not there.
std::string iccid_in(std::string_view line);

/// The APN in `1,"IP","internet","0.0.0.0",0,0`, as +CGDCONT gives a context (10.1.1); nothing for
/// another context than the first.
std::optional<std::string> first_apn_in(std::string_view line);

/// The name in `0,0,"Operator",7`, as +COPS gives it; empty if there is none.
std::string network_in(std::string_view line);

}  // namespace platform::at
