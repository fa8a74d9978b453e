#pragma once

#include "agent/net/tls.hpp"
#include "agent/net/url.hpp"
#include "agent/report/destination.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <memory>
#include <string>

namespace agent::report {

struct mqtt_settings {
    net::origin where{};
    std::string topic = "esim/{eid}/status";
    std::string username{};
    std::string password_file{};
    net::tls_settings tls{};
};

/// A broker of MQTT 5 over TLS (libmosquitto): reports are published with QoS 1 and retained;
/// TOPIC/online says "online", or by the last will "offline". Its socket is served by this loop.
class mqtt final : public destination {
public:
    mqtt(mqtt_settings settings, platform::logger& log);
    ~mqtt() override;
    mqtt(const mqtt&) = delete;
    mqtt& operator=(const mqtt&) = delete;

    std::string name() const override;
    asio::awaitable<verdict> send(rendered_report what) override;
    asio::awaitable<void> serve() override;

private:
    class connection;

    /// One connection, from its beginning to its end; gives why it ended.
    asio::awaitable<failure> connect_once();
    /// Waits until there is a connection that the broker has accepted.
    task<std::shared_ptr<connection>> usable();
    asio::awaitable<verdict> publish(std::string topic, std::string cloud_event);

    mqtt_settings settings_;
    platform::logger& log_;
    std::string topic_;  // of the last report; empty until there was one
    std::size_t attempts_ = 0;
    int failures_ = 0;
    std::shared_ptr<connection> connection_;
    failure trouble_{};  // why the last connection ended, and how many have
    int trouble_count_ = 0;
    platform::wake needed_;   // somebody has something to send
    platform::wake changed_;  // a connection was accepted, or has ended
};

/// A topic with the device's and the report's own values; an EID or ICCID that is not known is
/// "unknown". What MQTT takes for a wildcard or a level in them becomes "_".
std::string topic_of(const std::string& pattern, const rendered_report& about);

}  // namespace agent::report
