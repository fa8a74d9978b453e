#pragma once

#include "agent/report/mqtt_connection.hpp"
#include "agent/report/mqtt_orders.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mosquitto.h>
#include <optional>
#include <string>
#include <string_view>

namespace agent::report {

constexpr int mqtt_keep_alive = 300;   // seconds: the device wakes up for it
constexpr int first_mqtt_error = 128;  // of the broker's reasons

struct mqtt_client_deleter {
    void operator()(mosquitto* client) const { mosquitto_destroy(client); }
};

failure mqtt_unreachable(std::string words);
/// libmosquitto does not say more of a TLS handshake.
failure mqtt_handshake_failed(const std::string& host);

/// libmosquitto's client for one connection: its callbacks, and what they have told. Its socket is
/// served by whoever has it.
class mqtt_client {
public:
    /// `told` is called when the broker has answered.
    mqtt_client(const asio::any_io_executor& executor, const mqtt_settings& its_settings,
        mqtt_login its_login, platform::wake& its_told, platform::logger& its_log);
    ~mqtt_client();
    mqtt_client(const mqtt_client&) = delete;
    mqtt_client& operator=(const mqtt_client&) = delete;

    /// TLS, login and last will. Fails if a file cannot be read.
    result<void> prepare();
    /// Publishes what stays at that topic; nothing if the text is empty.
    void retain(const std::string& topic, std::string_view text);
    /// Reads and writes what can be; `ended` says why if it is over then.
    void serve_once(bool wants_write);
    /// What is due beside that: a subscription, and the orders that have come.
    void serve_orders();
    mqtt_end how_it_ended() const;
    /// How long to wait for the socket.
    std::chrono::milliseconds patience(bool wants_write) const;

    static void on_connect(mosquitto*, void* self, int reason, int, const mosquitto_property*);
    static void on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*);
    static void on_publish(mosquitto*, void* self, int id, int reason, const mosquitto_property*);
    static void on_subscribe(
        mosquitto*, void* self, int id, int count, const int* granted, const mosquitto_property*);
    static void on_message(
        mosquitto*, void* self, const mosquitto_message* what, const mosquitto_property*);

    const mqtt_settings settings;  // a copy: TLS keeps a pointer to the host
    mqtt_login as;
    std::unique_ptr<mosquitto, mqtt_client_deleter> client{};
    asio::posix::stream_descriptor socket;
    std::optional<asio::ssl::context> tls{};
    std::chrono::steady_clock::time_point begun_at = std::chrono::steady_clock::now();
    bool is_up = false;           // TCP's part of it
    bool is_secure = false;       // TLS's
    std::optional<int> reason{};  // of CONNACK
    std::optional<failure> ended{};
    int awaited = 0;                      // the report that is to be acknowledged
    std::optional<int> publish_reason{};  // with what it was
    std::string state{};                  // what the reported topic is to say
    mqtt_orders orders;
    std::function<void(std::string_view)> on_order = [](std::string_view) {};
    platform::wake changed{};
    platform::wake& told;
    platform::logger& log;

private:
    int step(bool wants_write);
    void subscribe();
};

}  // namespace agent::report
