#include "agent/report/mqtt.hpp"

#include "agent/base/redact.hpp"
#include "agent/net/error.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/retry.hpp"
#include "agent/net/timeout.hpp"
#include "agent/report/courier.hpp"

#include <boost/asio/this_coro.hpp>

#include <random>

namespace agent::report {
namespace {

constexpr std::chrono::seconds connect_limit{40};
constexpr std::chrono::seconds acknowledge_limit{30};
constexpr std::uint16_t usual_port = 8883;

void replace(std::string& in, const std::string& what, std::string with)
{
    for (char& each : with)
        if (each == '+' || each == '#' || each == '/' || each == '\0')
            each = '_';
    for (auto at = in.find(what); at != in.npos; at = in.find(what, at + with.size()))
        in.replace(at, what.size(), with);
}

/// A name that no other device has.
std::string random_name()
{
    std::random_device source;
    constexpr std::size_t octets = 8;
    platform::bytes out(octets);
    for (std::uint8_t& each : out)
        each = static_cast<std::uint8_t>(source());
    return platform::to_hex(out);
}

mqtt_version other(mqtt_version one)
{
    return one == mqtt_version::v5 ? mqtt_version::v311 : mqtt_version::v5;
}

const char* name_of(mqtt_version which)
{
    return which == mqtt_version::v5 ? "MQTT 5" : "MQTT 3.1.1";
}

}  // namespace

std::string topic_of(const std::string& pattern, const device_identity& about)
{
    auto known = [](const std::string& value) { return value.empty() ? "unknown" : value; };
    std::string out = pattern;
    replace(out, "{eid}", known(about.eid));
    replace(out, "{iccid}", known(about.iccid.text()));
    replace(out, "{uid}", known(about.customer_uid));
    return out;
}

bool is_complete(const std::string& pattern, const device_identity& about)
{
    auto needs = [&pattern](const char* name) { return pattern.find(name) != std::string::npos; };
    bool lacks_eid = needs("{eid}") && about.eid.empty();
    bool lacks_iccid = needs("{iccid}") && about.iccid.empty();
    bool lacks_uid = needs("{uid}") && about.customer_uid.empty();
    return !lacks_eid && !lacks_iccid && !lacks_uid;
}

mqtt::mqtt(mqtt_settings settings, platform::logger& log)
    : settings_(std::move(settings)), log_(log), random_name_(random_name())
{
}

mqtt::~mqtt() = default;

std::string mqtt::name() const
{
    return "mqtt " + net::to_string(settings_.where, usual_port);
}

void mqtt::introduce(const device_identity& who)
{
    bool is_enough = is_complete(settings_.topic, who) && is_complete(settings_.client_id, who);
    if (!is_enough)
        return;
    bool is_another = !identity_ || !(login_as(*identity_) == login_as(who));
    identity_ = who;
    if (!is_another)
        return;
    if (connection_)
        connection_->drop();  // it stands under another name
    needed_.all();
}

void mqtt::on_order(std::function<void(std::string_view text)> call)
{
    on_order_ = std::move(call);
}

void mqtt::show_state(const std::string& state)
{
    state_ = state;
    if (connection_)
        connection_->show_state(state_);
}

mqtt_login mqtt::login_as(const device_identity& who) const
{
    mqtt_login out;
    out.version = version_;
    out.topic = topic_of(settings_.topic, who);
    // Orders are for one device: none come by a topic that many have.
    if (is_complete(settings_.desired_topic + settings_.reported_topic, who)) {
        out.desired_topic = topic_of(settings_.desired_topic, who);
        out.reported_topic = topic_of(settings_.reported_topic, who);
    }
    // A name that many devices had would have them end each other's connections.
    bool is_own = is_complete(settings_.client_id, who);
    out.client_id = topic_of(settings_.client_id, who) + (is_own ? "" : "-" + random_name_);
    return out;
}

asio::awaitable<mqtt_end> mqtt::connect_once(mqtt_login as)
{
    mqtt_end out;
    auto addresses = co_await net::resolve(settings_.where);
    if (!addresses) {
        out.why = addresses.error();
        co_return out;
    }
    if (!as.is_probe && identity_)
        as = login_as(*identity_);  // more may be known by now
    auto executor = co_await asio::this_coro::executor;
    auto tried =
        std::make_shared<mqtt_connection>(executor, settings_, std::move(as), changed_, log_);
    tried->show_state(state_);
    tried->on_order(on_order_);
    auto begun = tried->begin((*addresses)[attempts_++ % addresses->size()]);
    if (!begun) {
        out.why = begun.error();
        co_return out;
    }
    connection_ = tried;
    out = co_await tried->pump();
    connection_.reset();
    co_return out;
}

asio::awaitable<void> mqtt::serve()
{
    bool is_second_version = false;
    while (true) {
        if (!identity_) {
            co_await needed_.until_called();
            continue;
        }
        mqtt_end end = co_await connect_once(login_as(*identity_));
        if (end.was_accepted)
            failures_ = 0;
        bool may_be_version = end.may_be_version && !end.was_accepted;
        if (may_be_version)
            version_ = other(version_);
        is_second_version = may_be_version && !is_second_version;
        if (is_second_version) {
            log_.info(name() + ": " + words_of(end.why) + "; trying " + name_of(version_));
            continue;
        }
        trouble_ = end.why;
        ++trouble_count_;
        changed_.all();
        log_.info(name() + ": " + words_of(trouble_));
        auto pause = net::delay_after(++failures_, report_backoff(), net::random_fraction());
        co_await needed_.until_called(pause);
    }
}

task<std::string> mqtt::check(device_identity as)
{
    mqtt_login login = login_as(as);
    login.client_id += "-doctor";  // the device's own would end the daemon's connection
    login.is_probe = true;
    mqtt_end end;
    constexpr int most_attempts = 4;  // the daemon, too, goes on to a name's next address
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        end = co_await connect_once(login);
        if (end.was_accepted)
            co_return "it lets this device in, by " + std::string(name_of(login.version));
        bool is_first_version = login.version == mqtt_version::v5;
        if (end.may_be_version && is_first_version)
            login.version = mqtt_version::v311;
        else if (end.why != net::errc::unreachable)
            break;
    }
    co_return end.why;
}

task<std::shared_ptr<mqtt_connection>> mqtt::usable()
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

asio::awaitable<verdict> mqtt::publish(rendered_report what)
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
    bool is_retained = is_about_esim(what.stage);
    std::string topic = topic_of(settings_.topic, identity_of(what));
    auto publishing = (*to)->publish(std::move(topic), std::move(what.cloud_event), is_retained);
    auto in_time = net::with_timeout(std::move(publishing), acknowledge_limit);
    auto done = co_await std::move(in_time);
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
    if (!identity_)
        identity_ = identity_of(what);
    return publish(std::move(what));
}

}  // namespace agent::report
