#include "agent/report/mqtt_connection.hpp"

#include "agent/net/error.hpp"
#include "agent/report/mqtt_reason.hpp"
#include "platform/storage.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <optional>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace agent::report {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds accept_limit{30};
constexpr std::chrono::milliseconds first_subscribe_pause{2'000};
constexpr std::chrono::milliseconds longest_subscribe_pause{300'000};
constexpr int longest_order = 4096;
constexpr int first_error = 128;  // of the broker's reasons
constexpr int keep_alive = 300;   // seconds: the device wakes up for it

failure unreachable(std::string words)
{
    return {net::errc::unreachable, std::move(words)};
}

/// libmosquitto does not say more of a TLS handshake.
failure handshake_failed(const std::string& host)
{
    return {net::errc::tls, "the handshake with the broker failed: is its certificate for " + host
                                + ", and from an authority in ca-file?"};
}

struct destroy {
    void operator()(mosquitto* client) const { mosquitto_destroy(client); }
};

struct free_properties {
    void operator()(mosquitto_property* all) const { mosquitto_property_free_all(&all); }
};

/// libmosquitto is begun once for the process.
void begin_library()
{
    static const int begun = mosquitto_lib_init();
    static_cast<void>(begun);
}

}  // namespace

class mqtt_connection::core {
public:
    core(const asio::any_io_executor& executor, const mqtt_settings& its_settings,
        mqtt_login its_login, platform::wake& its_told, platform::logger& its_log)
        : settings(its_settings)
        , as(std::move(its_login))
        , socket(executor)
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
    ~core()
    {
        // The descriptor is libmosquitto's to close.
        if (socket.is_open())
            socket.release();
    }
    core(const core&) = delete;
    core& operator=(const core&) = delete;

    result<void> prepare();
    void retain(const std::string& topic, std::string_view text);
    void deliver_orders();
    void subscribe();
    void subscribe_if_due();
    void serve_once(bool wants_write);
    int step(bool wants_write);
    mqtt_end how_it_ended() const;
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
    std::unique_ptr<mosquitto, destroy> client{};
    asio::posix::stream_descriptor socket;
    std::optional<asio::ssl::context> tls{};
    steady_clock::time_point begun_at = steady_clock::now();
    bool is_up = false;           // TCP's part of it
    bool is_secure = false;       // TLS's
    std::optional<int> reason{};  // of CONNACK
    std::optional<failure> ended{};
    int awaited = 0;                      // the report that is to be acknowledged
    std::optional<int> publish_reason{};  // with what it was
    std::string state{};                  // what the reported topic is to say
    std::vector<std::string> orders{};
    std::optional<steady_clock::time_point> subscribe_at{};  // once more: it was refused
    std::chrono::milliseconds subscribe_pause = first_subscribe_pause;
    std::function<void(std::string_view)> on_order = [](std::string_view) {};
    platform::wake changed{};
    platform::wake& told;
    platform::logger& log;
};

void mqtt_connection::core::on_connect(
    mosquitto*, void* self, int reason, int, const mosquitto_property*)
{
    auto& its = *static_cast<core*>(self);
    its.reason = reason;
    constexpr std::string_view online = "online";
    if (reason != 0)
        its.ended = refused_by_broker(reason, its.as.client_id);
    else if (its.as.is_probe)
        mosquitto_disconnect(its.client.get());
    else
        its.retain(its.as.topic + "/online", online);
    bool takes_orders = reason == 0 && !its.as.is_probe && !its.as.desired_topic.empty();
    if (takes_orders) {
        its.subscribe();
        its.retain(its.as.reported_topic, its.state);
    }
    its.told.all();
}

/// As the broker's own state: what a connection before has retained there is replaced.
void mqtt_connection::core::retain(const std::string& topic, std::string_view text)
{
    if (!text.empty())
        mosquitto_publish_v5(client.get(), nullptr, topic.c_str(), static_cast<int>(text.size()),
            text.data(), 1, true, nullptr);
}

void mqtt_connection::core::on_subscribe(
    mosquitto*, void* self, int, int count, const int* granted, const mosquitto_property*)
{
    auto& its = *static_cast<core*>(self);
    bool is_refused = count > 0 && *granted >= first_error;
    if (!is_refused)
        return;
    bool is_news = its.subscribe_pause == first_subscribe_pause;
    if (is_news)
        its.log.error("the broker does not let this device read its orders at "
                      + its.as.desired_topic
                      + "; it is asked again. See its access list, unless it is just starting.");
    its.subscribe_at = steady_clock::now() + its.subscribe_pause;
    its.subscribe_pause = std::min(its.subscribe_pause * 2, longest_subscribe_pause);
}

void mqtt_connection::core::subscribe()
{
    subscribe_at.reset();
    mosquitto_subscribe(client.get(), nullptr, as.desired_topic.c_str(), 1);
}

/// A cluster that has just lost a node lets clients in before it lets them subscribe.
void mqtt_connection::core::subscribe_if_due()
{
    bool is_due = subscribe_at && steady_clock::now() >= *subscribe_at && !ended;
    if (is_due)
        subscribe();
}

void mqtt_connection::core::on_message(
    mosquitto*, void* self, const mosquitto_message* what, const mosquitto_property*)
{
    auto& its = *static_cast<core*>(self);
    if (what->topic != its.as.desired_topic)
        return;
    // One octet more than is read: that it is too long is told by what reads it.
    auto size = static_cast<std::size_t>(std::clamp(what->payloadlen, 0, longest_order + 1));
    std::string_view text{static_cast<const char*>(what->payload), size};
    its.orders.emplace_back(size == 0 ? std::string_view() : text);
}

/// Not within libmosquitto's own calls: what an order leads to may end this connection.
void mqtt_connection::core::deliver_orders()
{
    for (const std::string& each : std::exchange(orders, {}))
        on_order(each);
}

void mqtt_connection::core::on_disconnect(
    mosquitto*, void* self, int reason, const mosquitto_property*)
{
    constexpr int first_of_mqtt5 = 128;
    auto& its = *static_cast<core*>(self);
    if (!its.ended)
        its.ended = unreachable(std::string("the broker ended the connection: ")
                                + (reason < first_of_mqtt5 ? mosquitto_strerror(reason)
                                                           : mosquitto_reason_string(reason)));
    its.changed.all();
}

void mqtt_connection::core::on_publish(
    mosquitto*, void* self, int id, int reason, const mosquitto_property*)
{
    auto& its = *static_cast<core*>(self);
    if (id != its.awaited)
        return;  // a state's
    its.publish_reason = reason;
    its.changed.all();
}

result<void> mqtt_connection::core::prepare()
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

int mqtt_connection::core::step(bool wants_write)
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

void mqtt_connection::core::serve_once(bool wants_write)
{
    // libmosquitto would go on trying a connection that never came to be.
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    auto* address = reinterpret_cast<sockaddr*>(&peer);
    bool is_refused = ::getpeername(socket.native_handle(), address, &size) != 0;
    if (is_refused && !ended)
        ended = unreachable("nobody listens there");
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
        ended = handshake_failed(settings.where.host);
    else if (!reason)
        ended = unreachable("the broker closed the connection without a word");
    else if (!ended)
        ended = unreachable(mosquitto_strerror(done));
}

mqtt_end mqtt_connection::core::how_it_ended() const
{
    mqtt_end out;
    out.why = *ended;
    out.was_accepted = reason == 0;
    // Some brokers say that they do not know MQTT 5, others close.
    out.may_be_version = reason ? is_about_version(*reason) : is_secure;
    return out;
}

std::chrono::milliseconds mqtt_connection::core::patience(bool wants_write) const
{
    constexpr std::chrono::seconds short_while{10};
    bool is_waited_for = wants_write || !reason;
    std::chrono::milliseconds out =
        is_waited_for ? short_while : std::chrono::seconds(keep_alive / 2);
    if (!subscribe_at)
        return out;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(*subscribe_at - steady_clock::now());
    return std::clamp(left, std::chrono::milliseconds(1), out);
}

mqtt_connection::mqtt_connection(const asio::any_io_executor& executor,
    const mqtt_settings& settings, mqtt_login as, platform::wake& told, platform::logger& log)
    : core_(std::make_unique<core>(executor, settings, std::move(as), told, log))
{
}

mqtt_connection::~mqtt_connection() = default;

void mqtt_connection::on_order(std::function<void(std::string_view text)> call)
{
    core_->on_order = std::move(call);
}

void mqtt_connection::show_state(const std::string& state)
{
    bool is_news = std::exchange(core_->state, state) != state;
    if (!is_news || !is_usable() || core_->as.reported_topic.empty())
        return;
    core_->retain(core_->as.reported_topic, state);
    error_code ignored;
    core_->socket.cancel(ignored);  // what could not be written at once is the pump's
}

bool mqtt_connection::is_usable() const
{
    return core_->reason == 0 && !core_->ended;
}

void mqtt_connection::drop()
{
    core_->ended = unreachable("given up");
    error_code ignored;
    core_->socket.cancel(ignored);
    core_->changed.all();
}

result<void> mqtt_connection::begin(const asio::ip::tcp::endpoint& where)
{
    auto prepared = core_->prepare();
    if (!prepared)
        return prepared.error();
    std::string address = where.address().to_string();
    mosquitto* client = core_->client.get();
    int done = mosquitto_connect_async(client, address.c_str(), where.port(), keep_alive);
    // A connection that is there at once shakes hands at once.
    if (done == MOSQ_ERR_TLS)
        return handshake_failed(core_->settings.where.host);
    if (done != MOSQ_ERR_SUCCESS)
        return unreachable(std::string("connecting: ") + mosquitto_strerror(done));
    error_code ec;
    core_->socket.assign(mosquitto_socket(client), ec);
    return ec ? result<void>(unreachable(ec.message())) : result<void>();
}

asio::awaitable<mqtt_end> mqtt_connection::pump()
{
    using wait_type = asio::posix::stream_descriptor::wait_type;
    core& its = *core_;
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
        its.deliver_orders();
        its.subscribe_if_due();
    }
    // Closed by libmosquitto already.
    if (its.socket.is_open())
        its.socket.release();
    its.changed.all();
    co_return its.how_it_ended();
}

task<void> mqtt_connection::publish(std::string topic, std::string cloud_event, bool is_retained)
{
    core& its = *core_;
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
        co_return unreachable(std::string("publishing: ") + mosquitto_strerror(done));
    its.awaited = id;
    its.publish_reason.reset();
    error_code ignored;
    its.socket.cancel(ignored);  // what could not be written at once is the pump's
    while (!its.publish_reason && !its.ended)
        co_await its.changed.until_called();
    if (!its.publish_reason)
        co_return *its.ended;
    if (*its.publish_reason >= first_error)
        co_return failure(net::errc::refused, mosquitto_reason_string(*its.publish_reason));
    co_return result<void>();
}

}  // namespace agent::report
