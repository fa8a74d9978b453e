#include "agent/report/mqtt_client.hpp"

#include "agent/net/error.hpp"
#include "agent/report/mqtt_reason.hpp"
#include "platform/storage.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace agent::report {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds accept_limit{30};

/// libmosquitto is begun once for the process.
void begin_library()
{
    static const int begun = mosquitto_lib_init();
    static_cast<void>(begun);
}

}  // namespace

failure mqtt_unreachable(std::string words)
{
    return {net::errc::unreachable, std::move(words)};
}

failure mqtt_handshake_failed(const std::string& host)
{
    return {net::errc::tls, "the handshake with the broker failed: is its certificate for " + host
                                + ", and from an authority in ca-file?"};
}

mqtt_client::mqtt_client(const asio::any_io_executor& executor, const mqtt_settings& its_settings,
    mqtt_login its_login, platform::wake& its_told, platform::logger& its_log)
    : settings(its_settings)
    , as(std::move(its_login))
    , socket(executor)
    , orders(as.desired_topic)
    , told(its_told)
    , log(its_log)
{
    begin_library();
    bool is_v5 = as.version == mqtt_version::v5;
    client.reset(mosquitto_new(as.client_id.c_str(), true, this));
    mosquitto_int_option(
        client.get(), MOSQ_OPT_PROTOCOL_VERSION, is_v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    mosquitto_connect_v5_callback_set(client.get(), on_connect);
    mosquitto_disconnect_v5_callback_set(client.get(), on_disconnect);
    mosquitto_publish_v5_callback_set(client.get(), on_publish);
    mosquitto_message_v5_callback_set(client.get(), on_message);
    mosquitto_subscribe_v5_callback_set(client.get(), on_subscribe);
}

mqtt_client::~mqtt_client()
{
    // The descriptor is libmosquitto's to close.
    if (socket.is_open())
        socket.release();
}

void mqtt_client::on_connect(mosquitto*, void* self, int reason, int, const mosquitto_property*)
{
    auto& its = *static_cast<mqtt_client*>(self);
    its.reason = reason;
    constexpr std::string_view online = "online";
    if (reason != 0)
        its.ended = refused_by_broker(reason, its.as.client_id);
    else if (its.as.is_probe)
        mosquitto_disconnect(its.client.get());
    else
        its.retain(its.as.topic + "/online", online);
    bool takes_orders = reason == 0 && !its.as.is_probe && !its.orders.topic().empty();
    if (takes_orders) {
        its.subscribe();
        its.retain(its.as.reported_topic, its.state);
    }
    its.told.all();
}

/// As the broker's own state: what a connection before has retained there is replaced.
void mqtt_client::retain(const std::string& topic, std::string_view text)
{
    if (!text.empty())
        mosquitto_publish_v5(client.get(), nullptr, topic.c_str(), static_cast<int>(text.size()),
            text.data(), 1, true, nullptr);
}

void mqtt_client::on_subscribe(
    mosquitto*, void* self, int, int count, const int* granted, const mosquitto_property*)
{
    auto& its = *static_cast<mqtt_client*>(self);
    bool is_refused = count > 0 && *granted >= first_mqtt_error;
    if (is_refused && its.orders.refused(steady_clock::now()))
        its.log.error("the broker does not let this device read its orders at " + its.orders.topic()
                      + "; it is asked again. See its access list, unless it is just starting.");
}

void mqtt_client::on_message(
    mosquitto*, void* self, const mosquitto_message* what, const mosquitto_property*)
{
    auto& its = *static_cast<mqtt_client*>(self);
    auto size = static_cast<std::size_t>(what->payloadlen);
    its.orders.keep(
        what->topic, size == 0 ? std::string_view()
                               : std::string_view(static_cast<const char*>(what->payload), size));
}

void mqtt_client::subscribe()
{
    orders.asked();
    mosquitto_subscribe(client.get(), nullptr, orders.topic().c_str(), 1);
}

/// Not within libmosquitto's own calls: what an order leads to may end this connection.
void mqtt_client::serve_orders()
{
    for (const std::string& each : orders.take())
        on_order(each);
    bool is_due = orders.due() && steady_clock::now() >= *orders.due();
    if (is_due && !ended)
        subscribe();
}

void mqtt_client::on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*)
{
    auto& its = *static_cast<mqtt_client*>(self);
    if (!its.ended)
        its.ended =
            mqtt_unreachable(std::string("the broker ended the connection: ")
                             + (reason < first_mqtt_error ? mosquitto_strerror(reason)
                                                          : mosquitto_reason_string(reason)));
    its.changed.all();
}

void mqtt_client::on_publish(mosquitto*, void* self, int id, int reason, const mosquitto_property*)
{
    auto& its = *static_cast<mqtt_client*>(self);
    if (id != its.awaited)
        return;  // a state's
    its.publish_reason = reason;
    its.changed.all();
}

result<void> mqtt_client::prepare()
{
    auto made = net::make_tls_context(settings.tls, platform::read_clock());
    if (!made)
        return made.error();
    tls.emplace(std::move(*made));
    net::expect_host(*tls, settings.where.host);
    mosquitto_int_option(client.get(), MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    mosquitto_void_option(client.get(), MOSQ_OPT_SSL_CTX, tls->native_handle());
    if (!settings.username.empty()) {
        auto password = platform::read_secret_file(settings.password_file);
        if (!password)
            return password.error();
        platform::wiped_string text(password->reveal());
        mosquitto_username_pw_set(client.get(), settings.username.c_str(), text.c_str());
    }
    if (as.is_probe)
        return {};
    constexpr std::string_view offline = "offline";
    mosquitto_will_set_v5(client.get(), (as.topic + "/online").c_str(),
        static_cast<int>(offline.size()), offline.data(), 1, true, nullptr);
    return {};
}

int mqtt_client::step(bool wants_write)
{
    int done = MOSQ_ERR_SUCCESS;
    if (wants_write)
        done = mosquitto_loop_write(client.get(), 1);
    is_secure =
        is_secure || net::is_secured(static_cast<const SSL*>(mosquitto_ssl_get(client.get())));
    if (done == MOSQ_ERR_SUCCESS)
        done = mosquitto_loop_read(client.get(), 1);
    if (done == MOSQ_ERR_SUCCESS)
        done = mosquitto_loop_misc(client.get());
    return done;
}

void mqtt_client::serve_once(bool wants_write)
{
    // libmosquitto would go on trying a connection that never came to be.
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    auto* address = reinterpret_cast<sockaddr*>(&peer);
    bool is_refused = ::getpeername(socket.native_handle(), address, &size) != 0;
    if (is_refused && !ended)
        ended = mqtt_unreachable("nobody listens there");
    if (is_refused)
        return;
    int done = step(wants_write);
    bool is_late = !reason && steady_clock::now() - begun_at > accept_limit;
    if (done == MOSQ_ERR_SUCCESS && is_late)
        ended = failure(net::errc::timeout, "the broker does not answer");
    if (done == MOSQ_ERR_SUCCESS)
        return;
    bool is_tls = !is_secure && !reason;  // on_disconnect() was told less
    if (is_tls)
        ended = mqtt_handshake_failed(settings.where.host);
    else if (!reason)
        ended = mqtt_unreachable("the broker closed the connection without a word");
    else if (!ended)
        ended = mqtt_unreachable(mosquitto_strerror(done));
}

mqtt_end mqtt_client::how_it_ended() const
{
    mqtt_end out;
    out.why = *ended;
    out.was_accepted = reason == 0;
    // Some brokers say that they do not know MQTT 5, others close.
    out.may_be_version = reason ? is_about_version(*reason) : is_secure;
    return out;
}

std::chrono::milliseconds mqtt_client::patience(bool wants_write) const
{
    constexpr std::chrono::seconds short_while{10};
    bool is_waited_for = wants_write || !reason;
    std::chrono::milliseconds out =
        is_waited_for ? short_while : std::chrono::seconds(mqtt_keep_alive / 2);
    if (!orders.due())
        return out;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(*orders.due() - steady_clock::now());
    return std::clamp(left, std::chrono::milliseconds(1), out);
}

}  // namespace agent::report
