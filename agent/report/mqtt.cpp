#include "agent/report/mqtt.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/net/error.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/retry.hpp"
#include "agent/net/timeout.hpp"
#include "platform/storage.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <optional>
#include <sys/socket.h>

namespace agent::report {
namespace {

constexpr std::chrono::seconds connect_limit{30};
constexpr std::chrono::seconds acknowledge_limit{30};
constexpr int keep_alive = 300;  // seconds: the device wakes up for it
constexpr std::uint16_t usual_port = 8883;

failure unreachable(std::string words)
{
    return {net::errc::unreachable, std::move(words)};
}

/// What the broker says in CONNACK (MQTT 5, 3.2.2.2).
failure refused(int reason)
{
    std::string words = "the broker says: " + std::string(mosquitto_reason_string(reason));
    bool is_credentials =
        reason == MQTT_RC_BAD_USERNAME_OR_PASSWORD || reason == MQTT_RC_NOT_AUTHORIZED;
    return {is_credentials ? net::errc::credentials_refused : net::errc::server_trouble, words};
}

/// libmosquitto does not say more of a TLS handshake.
failure handshake_failed(const std::string& host)
{
    return {net::errc::tls, "the handshake with the broker failed: is its certificate for " + host
                                + ", and from an authority in ca-file?"};
}

void replace(std::string& in, const std::string& what, std::string with)
{
    for (char& each : with)
        if (each == '+' || each == '#' || each == '/' || each == '\0')
            each = '_';
    for (auto at = in.find(what); at != in.npos; at = in.find(what, at + with.size()))
        in.replace(at, what.size(), with);
}

struct destroy {
    void operator()(mosquitto* client) const { mosquitto_destroy(client); }
};

/// libmosquitto is begun once for the process.
void begin_library()
{
    static const int begun = mosquitto_lib_init();
    static_cast<void>(begun);
}

}  // namespace

std::string topic_of(const std::string& pattern, const rendered_report& about)
{
    auto known = [](const std::string& value) { return value.empty() ? "unknown" : value; };
    std::string out = pattern;
    replace(out, "{eid}", known(about.eid));
    replace(out, "{iccid}", known(about.iccid.text()));
    replace(out, "{uid}", known(about.customer_uid));
    return out;
}

/// One connection to the broker; gone with this.
class mqtt::connection {
public:
    connection(
        const asio::any_io_executor& executor, const mqtt_settings& settings, platform::wake& told)
        : host_(settings.where.host), socket_(executor), told_(told)
    {
        begin_library();
        client_.reset(mosquitto_new(nullptr, true, this));
        mosquitto_int_option(client_.get(), MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
        mosquitto_connect_v5_callback_set(client_.get(), on_connect);
        mosquitto_disconnect_v5_callback_set(client_.get(), on_disconnect);
        mosquitto_publish_v5_callback_set(client_.get(), on_publish);
    }
    ~connection()
    {
        // The descriptor is libmosquitto's to close.
        if (socket_.is_open())
            socket_.release();
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    result<void> prepare(const mqtt_settings& settings, const std::string& topic);
    result<void> begin(const asio::ip::tcp::endpoint& where);
    void serve_once(bool wants_write);
    /// Serves the socket until the connection ends; gives why.
    asio::awaitable<failure> pump();
    task<void> publish(std::string topic, std::string text);

    bool was_accepted() const { return reason_ == 0; }
    bool is_usable() const { return was_accepted() && !ended_; }
    /// Gives it up: pump() ends.
    void drop()
    {
        ended_ = unreachable("given up");
        error_code ignored;
        socket_.cancel(ignored);
        changed_.all();
    }

private:
    static void on_connect(mosquitto*, void* self, int reason, int, const mosquitto_property*);
    static void on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*);
    static void on_publish(mosquitto*, void* self, int id, int reason, const mosquitto_property*);

    std::string host_;
    std::unique_ptr<mosquitto, destroy> client_;
    asio::posix::stream_descriptor socket_;
    std::optional<asio::ssl::context> tls_;
    bool is_up_ = false;           // TCP's part of it
    std::optional<int> reason_{};  // of CONNACK
    std::optional<failure> ended_{};
    int published_ = 0;  // the last message that was acknowledged, and with what
    int publish_reason_ = 0;
    std::string online_topic_;
    platform::wake changed_;
    platform::wake& told_;  // those who wait for a connection
};

void mqtt::connection::on_connect(
    mosquitto*, void* self, int reason, int, const mosquitto_property*)
{
    auto& its = *static_cast<connection*>(self);
    its.reason_ = reason;
    if (reason != 0) {
        its.ended_ = refused(reason);
    } else {
        constexpr std::string_view online = "online";
        mosquitto_publish_v5(its.client_.get(), nullptr, its.online_topic_.c_str(),
            static_cast<int>(online.size()), online.data(), 1, true, nullptr);
    }
    its.told_.all();
}

void mqtt::connection::on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*)
{
    auto& its = *static_cast<connection*>(self);
    if (!its.ended_)
        its.ended_ = unreachable(
            std::string("the broker ended the connection: ")
            + (reason < 128 ? mosquitto_strerror(reason) : mosquitto_reason_string(reason)));
    its.changed_.all();
}

void mqtt::connection::on_publish(
    mosquitto*, void* self, int id, int reason, const mosquitto_property*)
{
    auto& its = *static_cast<connection*>(self);
    its.published_ = id;
    its.publish_reason_ = reason;
    its.changed_.all();
}

result<void> mqtt::connection::prepare(const mqtt_settings& settings, const std::string& topic)
{
    auto tls = net::make_tls_context(settings.tls, platform::read_clock());
    if (!tls)
        return tls.error();
    tls_.emplace(std::move(*tls));
    net::expect_host(*tls_, host_);
    mosquitto_int_option(client_.get(), MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    mosquitto_void_option(client_.get(), MOSQ_OPT_SSL_CTX, tls_->native_handle());
    if (!settings.username.empty()) {
        auto password = platform::read_secret_file(settings.password_file);
        if (!password)
            return password.error();
        platform::wiped_string text(password->reveal());
        mosquitto_username_pw_set(client_.get(), settings.username.c_str(), text.c_str());
    }
    online_topic_ = topic + "/online";
    constexpr std::string_view offline = "offline";
    mosquitto_will_set_v5(client_.get(), online_topic_.c_str(), static_cast<int>(offline.size()),
        offline.data(), 1, true, nullptr);
    return {};
}

result<void> mqtt::connection::begin(const asio::ip::tcp::endpoint& where)
{
    std::string address = where.address().to_string();
    int done = mosquitto_connect_async(client_.get(), address.c_str(), where.port(), keep_alive);
    // A connection that is there at once shakes hands at once.
    if (done == MOSQ_ERR_TLS)
        return handshake_failed(host_);
    if (done != MOSQ_ERR_SUCCESS)
        return unreachable(std::string("connecting: ") + mosquitto_strerror(done));
    error_code ec;
    socket_.assign(mosquitto_socket(client_.get()), ec);
    return ec ? result<void>(unreachable(ec.message())) : result<void>();
}

void mqtt::connection::serve_once(bool wants_write)
{
    // libmosquitto would go on trying a connection that never came to be.
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    auto* address = reinterpret_cast<sockaddr*>(&peer);
    bool is_refused = ::getpeername(socket_.native_handle(), address, &size) != 0;
    if (is_refused && !ended_)
        ended_ = unreachable("nobody listens there");
    if (is_refused)
        return;
    int done = MOSQ_ERR_SUCCESS;
    if (wants_write)
        done = mosquitto_loop_write(client_.get(), 1);
    if (done == MOSQ_ERR_SUCCESS)
        done = mosquitto_loop_read(client_.get(), 1);
    if (done == MOSQ_ERR_SUCCESS)
        done = mosquitto_loop_misc(client_.get());
    if (done == MOSQ_ERR_SUCCESS)
        return;
    bool is_tls = done == MOSQ_ERR_TLS || !reason_;  // on_disconnect() was told less
    if (!ended_ || is_tls)
        ended_ = is_tls ? handshake_failed(host_) : unreachable(mosquitto_strerror(done));
}

asio::awaitable<failure> mqtt::connection::pump()
{
    using wait_type = asio::posix::stream_descriptor::wait_type;
    while (!ended_) {
        // libmosquitto begins TLS only when it is told that the connection is there.
        bool wants_write = !is_up_ || mosquitto_want_write(client_.get());
        error_code ec;
        auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
        std::chrono::milliseconds limit =
            wants_write ? std::chrono::seconds(10) : std::chrono::seconds(keep_alive / 2);
        auto kind = wants_write ? wait_type::wait_write : wait_type::wait_read;
        auto waiting = socket_.async_wait(kind, awaiting);
        co_await platform::end_in_time(std::move(waiting), limit);
        is_up_ = true;
        serve_once(wants_write);
    }
    // Closed by libmosquitto already.
    if (socket_.is_open())
        socket_.release();
    changed_.all();
    co_return *ended_;
}

task<void> mqtt::connection::publish(std::string topic, std::string text)
{
    int id = 0;
    int done = mosquitto_publish_v5(client_.get(), &id, topic.c_str(),
        static_cast<int>(text.size()), text.data(), 1, true, nullptr);
    if (done != MOSQ_ERR_SUCCESS)
        co_return unreachable(std::string("publishing: ") + mosquitto_strerror(done));
    socket_.cancel();  // what could not be written at once is the pump's
    while (published_ != id && !ended_)
        co_await changed_.until_called();
    if (published_ != id)
        co_return *ended_;
    constexpr int first_error = 128;
    if (publish_reason_ >= first_error)
        co_return failure(net::errc::refused, mosquitto_reason_string(publish_reason_));
    co_return result<void>();
}

mqtt::mqtt(mqtt_settings settings, platform::logger& log)
    : settings_(std::move(settings)), log_(log)
{
}

mqtt::~mqtt() = default;

std::string mqtt::name() const
{
    return "mqtt " + net::to_string(settings_.where, usual_port);
}

asio::awaitable<failure> mqtt::connect_once()
{
    auto addresses = co_await net::resolve(settings_.where);
    if (!addresses)
        co_return addresses.error();
    auto executor = co_await asio::this_coro::executor;
    auto tried = std::make_shared<connection>(executor, settings_, changed_);
    auto begun = tried->prepare(settings_, topic_);
    if (begun)
        begun = tried->begin((*addresses)[attempts_++ % addresses->size()]);
    if (!begun)
        co_return begun.error();
    connection_ = tried;
    failure why = co_await tried->pump();
    if (tried->was_accepted())
        failures_ = 0;
    connection_.reset();
    co_return why;
}

asio::awaitable<void> mqtt::serve()
{
    while (true) {
        if (topic_.empty()) {
            co_await needed_.until_called();
            continue;
        }
        trouble_ = co_await connect_once();
        ++trouble_count_;
        changed_.all();
        log_.info(name() + ": " + words_of(trouble_));
        net::backoff policy;
        policy.first = std::chrono::seconds(2);
        policy.longest = std::chrono::minutes(15);
        auto pause = net::delay_after(++failures_, policy, net::random_fraction());
        co_await needed_.until_called(pause);
    }
}

task<std::shared_ptr<mqtt::connection>> mqtt::usable()
{
    auto before = trouble_count_;
    while (!connection_ || !connection_->is_usable()) {
        co_await changed_.until_called();
        bool has_failed = trouble_count_ != before;
        if (has_failed)
            co_return trouble_;
    }
    co_return connection_;
}

asio::awaitable<verdict> mqtt::publish(std::string topic, std::string cloud_event)
{
    verdict out;
    needed_.all();
    auto connecting = net::with_timeout(usable(), connect_limit);
    auto to = co_await std::move(connecting);
    if (!to) {
        bool is_told = to.error() != net::errc::timeout || !trouble_.code();
        out.words = words_of(is_told ? to.error() : trouble_);
        co_return out;
    }
    auto publishing =
        net::with_timeout((*to)->publish(topic, std::move(cloud_event)), acknowledge_limit);
    auto done = co_await std::move(publishing);
    if (done) {
        out.what = verdict::kind::accepted;
        co_return out;
    }
    out.words = words_of(done.error());
    if (done.error() == net::errc::refused)
        out.what = verdict::kind::refused;
    // What does not acknowledge is no connection any more.
    if (done.error() == net::errc::timeout)
        (*to)->drop();
    co_return out;
}

asio::awaitable<verdict> mqtt::send(rendered_report what)
{
    std::string topic = topic_of(settings_.topic, what);
    topic_ = topic;
    verdict out = co_await publish(std::move(topic), std::move(what.cloud_event));
    co_return out;
}

}  // namespace agent::report
