#include "agent/report/mqtt_connection.hpp"

#include "agent/net/error.hpp"
#include "agent/report/mqtt_client.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mqtt_protocol.h>
#include <utility>

namespace agent::report {
namespace {

struct free_properties {
    void operator()(mosquitto_property* all) const { mosquitto_property_free_all(&all); }
};

}  // namespace

mqtt_connection::mqtt_connection(const asio::any_io_executor& executor,
    const mqtt_settings& settings, mqtt_login as, platform::wake& told, platform::logger& log)
    : client_(std::make_unique<mqtt_client>(executor, settings, std::move(as), told, log))
{
}

mqtt_connection::~mqtt_connection() = default;

void mqtt_connection::on_order(std::function<void(std::string_view text)> call)
{
    client_->on_order = std::move(call);
}

void mqtt_connection::show_state(const std::string& state)
{
    bool is_news = std::exchange(client_->state, state) != state;
    if (!is_news || !is_usable() || client_->as.reported_topic.empty())
        return;
    client_->retain(client_->as.reported_topic, state);
    error_code ignored;
    client_->socket.cancel(ignored);  // what could not be written at once is the pump's
}

bool mqtt_connection::is_usable() const
{
    return client_->reason == 0 && !client_->ended;
}

void mqtt_connection::drop()
{
    client_->ended = mqtt_unreachable("given up");
    error_code ignored;
    client_->socket.cancel(ignored);
    client_->changed.all();
}

result<void> mqtt_connection::begin(const asio::ip::tcp::endpoint& where)
{
    auto prepared = client_->prepare();
    if (!prepared)
        return prepared.error();
    std::string address = where.address().to_string();
    mosquitto* client = client_->client.get();
    int done = mosquitto_connect_async(client, address.c_str(), where.port(), mqtt_keep_alive);
    // A connection that is there at once shakes hands at once.
    if (done == MOSQ_ERR_TLS)
        return mqtt_handshake_failed(client_->settings.where.host);
    if (done != MOSQ_ERR_SUCCESS)
        return mqtt_unreachable(std::string("connecting: ") + mosquitto_strerror(done));
    error_code ec;
    client_->socket.assign(mosquitto_socket(client), ec);
    return ec ? result<void>(mqtt_unreachable(ec.message())) : result<void>();
}

asio::awaitable<mqtt_end> mqtt_connection::pump()
{
    using wait_type = asio::posix::stream_descriptor::wait_type;
    mqtt_client& its = *client_;
    while (!its.ended) {
        // libmosquitto begins TLS only when it is told that the connection is there.
        bool wants_write = !its.is_up || mosquitto_want_write(its.client.get());
        error_code ec;
        auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
        auto kind = wants_write ? wait_type::wait_write : wait_type::wait_read;
        auto waiting = its.socket.async_wait(kind, awaiting);
        co_await platform::end_in_time(std::move(waiting), its.patience(wants_write));
        its.is_up = true;
        its.serve_once(wants_write);
        its.serve_orders();
    }
    // Closed by libmosquitto already.
    if (its.socket.is_open())
        its.socket.release();
    its.changed.all();
    co_return its.how_it_ended();
}

task<void> mqtt_connection::publish(std::string topic, std::string cloud_event, bool is_retained)
{
    mqtt_client& its = *client_;
    if (its.ended)
        co_return *its.ended;
    // CloudEvents' MQTT binding, 3.2 (structured mode); MQTT 3.1.1 has no properties.
    mosquitto_property* about = nullptr;
    if (its.as.version == mqtt_version::v5)
        mosquitto_property_add_string(
            &about, MQTT_PROP_CONTENT_TYPE, "application/cloudevents+json; charset=utf-8");
    std::unique_ptr<mosquitto_property, free_properties> properties{about};
    int id = 0;
    int done = mosquitto_publish_v5(its.client.get(), &id, topic.c_str(),
        static_cast<int>(cloud_event.size()), cloud_event.data(), 1, is_retained, about);
    if (done != MOSQ_ERR_SUCCESS)
        co_return mqtt_unreachable(std::string("publishing: ") + mosquitto_strerror(done));
    its.awaited = id;
    its.publish_reason.reset();
    error_code ignored;
    its.socket.cancel(ignored);  // what could not be written at once is the pump's
    while (!its.publish_reason && !its.ended)
        co_await its.changed.until_called();
    if (!its.publish_reason)
        co_return *its.ended;
    if (*its.publish_reason >= first_mqtt_error)
        co_return failure(net::errc::refused, mosquitto_reason_string(*its.publish_reason));
    co_return result<void>();
}

}  // namespace agent::report
