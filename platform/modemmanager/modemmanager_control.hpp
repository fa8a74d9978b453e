#pragma once

#include "platform/modemmanager/manager.hpp"

#include <memory>
#include <string>

namespace platform::modemmanager {

/// A modem that ModemManager has: what it knows of SIM and network; for a new profile the modem is
/// taken from it for a moment.
class modemmanager_control final : public modem_control {
public:
    static constexpr std::chrono::milliseconds probe_limit{60'000};

    struct settings {
        std::string port{};  // one of the modem's device nodes
        /// Makes the modem read its card anew; null if none can: then it is only probed anew.
        std::unique_ptr<modem_control> by_port{};
        bool is_interrupted_by_card = false;               // by an inhibiting_channel
        std::chrono::milliseconds patience = probe_limit;  // with a modem that is still probed
    };
    explicit modemmanager_control(settings its) : settings_(std::move(its)) {}

    bool is_interrupted_by_card() const override { return settings_.is_interrupted_by_card; }
    task<void> open() override;
    void close() override { manager_.close(); }
    task<void> refresh() override;
    task<std::string> iccid() override { return manager_.iccid(modem_); }
    task<platform::registration> registration() override;
    task<data_connection> connect_data(data_settings what) override;

private:
    task<bool> find();

    settings settings_;
    manager manager_;
    modem modem_;  // `device` outlives a connection: its ports may come back under other names
};

}  // namespace platform::modemmanager
