#pragma once

#include "agent/report/destination.hpp"
#include "agent/report/mqtt_connection.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <memory>
#include <optional>
#include <string>

namespace agent::report {

/// A broker of MQTT 5, or of 3.1.1 where it knows no other: reports are published with QoS 1, those
/// that tell how the eSIM stands retained. It is connected as long as the daemon runs, once the
/// device knows its name.
class mqtt final : public destination {
public:
    mqtt(mqtt_settings settings, platform::logger& log);
    ~mqtt() override;
    mqtt(const mqtt&) = delete;
    mqtt& operator=(const mqtt&) = delete;

    std::string name() const override;
    void introduce(const device_identity& who) override;
    asio::awaitable<verdict> send(rendered_report what) override;
    void on_order(std::function<void(std::string_view text)> call) override;
    void show_state(const std::string& state) override;
    task<std::string> check(device_identity as) override;
    asio::awaitable<void> serve() override;

private:
    mqtt_login login_as(const device_identity& who) const;
    /// One connection, from its beginning to its end; says how it ended.
    asio::awaitable<mqtt_end> connect_once(mqtt_login as);
    /// Waits until there is a connection that the broker has accepted.
    task<std::shared_ptr<mqtt_connection>> usable();
    asio::awaitable<verdict> publish(rendered_report what);

    mqtt_settings settings_;
    platform::logger& log_;
    std::optional<device_identity> identity_{};  // none until it is known well enough
    mqtt_version version_ = mqtt_version::v5;    // that the broker took last
    std::string random_name_;                    // where its own is not known
    std::size_t attempts_ = 0;
    int failures_ = 0;
    std::shared_ptr<mqtt_connection> connection_{};
    std::string state_{};  // what the reported topic says
    std::function<void(std::string_view text)> on_order_ = [](std::string_view) {};
    failure trouble_{};  // why the last connection ended, and how many have
    int trouble_count_ = 0;
    platform::wake needed_;   // somebody has something to send
    platform::wake changed_;  // a connection was accepted, or has ended
};

/// A topic or client id with the device's own values; an EID or ICCID that is not known is
/// "unknown". What MQTT takes for a wildcard or a level in them becomes "_".
std::string topic_of(const std::string& pattern, const device_identity& about);

/// True if the device knows all that stands in it.
bool is_complete(const std::string& pattern, const device_identity& about);

}  // namespace agent::report
