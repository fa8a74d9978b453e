#pragma once

#include "agent/net/tls.hpp"
#include "agent/net/url.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace agent::report {

struct mqtt_settings {
    net::origin where{};
    std::string topic = "esim/{eid}/status";
    std::string client_id = "esim-{eid}";
    std::string desired_topic{};   // where orders come from; empty: none are taken
    std::string reported_topic{};  // and how the device stands towards them
    std::string username{};
    std::string password_file{};
    net::tls_settings tls{};
};

enum class mqtt_version { v5, v311 };

/// As whom a connection is made, and what for.
struct mqtt_login {
    std::string client_id{};
    std::string topic{};  // TOPIC/online says "online", and by the last will "offline"
    std::string desired_topic{};
    std::string reported_topic{};
    mqtt_version version = mqtt_version::v5;
    bool is_probe = false;  // ends once it is accepted, and publishes nothing

    friend bool operator==(const mqtt_login&, const mqtt_login&) = default;
};

/// How a connection ended.
struct mqtt_end {
    failure why{};
    bool was_accepted = false;
    bool may_be_version = false;  // the broker may know only the other version
};

class mqtt_client;

/// One connection to a broker, over TLS (libmosquitto); gone with this. Its socket is served by
/// this loop.
class mqtt_connection {
public:
    /// `told` is called when it was accepted, or refused.
    mqtt_connection(const asio::any_io_executor& executor, const mqtt_settings& settings,
        mqtt_login as, platform::wake& told, platform::logger& log);
    ~mqtt_connection();
    mqtt_connection(const mqtt_connection&) = delete;
    mqtt_connection& operator=(const mqtt_connection&) = delete;

    /// Begins to connect. Fails if a file cannot be read, or nobody can be there.
    result<void> begin(const asio::ip::tcp::endpoint& where);
    /// Serves the socket until the connection ends; says how.
    asio::awaitable<mqtt_end> pump();
    /// Publishes with QoS 1; done once the broker has acknowledged it. Fails with
    /// net::errc::refused if the broker will never take it.
    task<void> publish(std::string topic, std::string cloud_event, bool is_retained);

    /// What is retained at the reported topic from now on, or once it was accepted.
    void show_state(const std::string& state);
    /// Called by pump() with each message of the desired topic.
    void on_order(std::function<void(std::string_view text)> call);

    bool is_usable() const;
    /// Gives it up: pump() ends.
    void drop();

private:
    std::unique_ptr<mqtt_client> client_;
};

}  // namespace agent::report
