#pragma once

#include "platform/modem_control.hpp"
#include "platform/qmi/qmi_port.hpp"

#include <string>

namespace platform::qmi {

/// A modem that speaks QMI, around a change of profile: the SIM's power (UIM), the ICCID that it
/// has (UIM's slots), and its registration (NAS's Get Serving System).
class qmi_control final : public modem_control {
public:
    explicit qmi_control(std::string device, std::string proxy = "qmi-proxy")
        : port_(std::move(device), std::move(proxy))
    {
    }

    task<void> open() override;
    void close() override { port_.close(); }
    task<void> refresh() override;
    task<std::string> iccid() override;
    task<platform::registration> registration() override;

private:
    /// One question in a client id of its own for as long as it takes.
    task<message> ask_once(
        const char* doing, service of, std::uint16_t id, std::vector<parameter> with);

    qmi_port port_;
};

/// The registration that Get Serving System tells.
platform::registration registration_in(const message& answer);

}  // namespace platform::qmi
