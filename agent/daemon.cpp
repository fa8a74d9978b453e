#include "agent/daemon.hpp"

#include "agent/control/api.hpp"
#include "agent/control/peers.hpp"
#include "agent/iccid.hpp"
#include "agent/kiosk/display.hpp"
#include "agent/kiosk/kiosk.hpp"
#include "agent/kiosk/receipt.hpp"
#include "agent/meaning.hpp"
#include "agent/net/raw_port.hpp"
#include "agent/net/tls.hpp"
#include "agent/parts.hpp"
#include "agent/provision/provisioner.hpp"
#include "agent/report/destinations.hpp"
#include "platform/service.hpp"
#include "platform/state_lock.hpp"
#include "platform/storage.hpp"
#include "platform/task_group.hpp"
#include "platform/timeout.hpp"
#include "platform/watch_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>

#include <csignal>
#include <cstdlib>

namespace agent {
namespace {

provision::provisioner_settings provisioner_settings_from(const config& settings, const parts& all)
{
    provision::provisioner_settings out;
    out.allowed.has_card = all.card != nullptr;
    out.allowed.enables = settings.modem_enable == "yes";
    out.allowed.controls_modem = all.modem != nullptr;
    out.allowed.falls_back = settings.fallback == "yes";
    out.allowed.deletes_replaced = settings.delete_replaced == "yes";
    out.configured.customer_uid = settings.customer_uid;
    out.configured.iccid = settings.customer_iccid;
    out.gigastore_host =
        all.proxies.through ? all.proxies.through->where.host : all.gigastore_url.where.host;
    out.modem_interface = settings.modem_interface;
    out.directory = settings.provision_directory;
    out.poll = std::chrono::seconds(number_of(settings.poll));
    out.pending_poll = std::chrono::seconds(number_of(settings.pending_poll));
    out.registration_limit = std::chrono::seconds(number_of(settings.registration_limit));
    out.low_balance_megabytes = static_cast<double>(number_of(settings.low_balance_megabytes));
    out.expiry_notice = std::chrono::hours(24 * number_of(settings.expiry_days));
    return out;
}

report::outbox_limits outbox_limits_from(const config& settings)
{
    report::outbox_limits out;
    out.count = static_cast<std::size_t>(number_of(settings.report_max_count));
    out.bytes = static_cast<std::size_t>(number_of(settings.report_max_bytes));
    return out;
}

provision::provisioner_parts provisioner_parts_of(const parts& all, report::outbox& outbox,
    const provision::memory_file& file, provision::card_gate& gate, platform::logger& log)
{
    return {.api = *all.api,
        .card = all.card.get(),
        .servers = all.servers.get(),
        .journal = all.journal.get(),
        .modem = all.modem.get(),
        .outbox = outbox,
        .file = file,
        .gate = gate,
        .log = log};
}

kiosk::desk_settings desk_settings_from(const config& settings)
{
    kiosk::desk_settings out;
    out.lasts = std::chrono::minutes(number_of(settings.kiosk_minutes));
    out.poll = std::chrono::seconds(number_of(settings.kiosk_poll));
    return out;
}

kiosk::kiosk_settings kiosk_settings_from(const config& settings)
{
    kiosk::kiosk_settings out;
    out.has_page = !settings.kiosk_listen.empty();
    auto where = parse_listen(settings.kiosk_listen);
    if (where) {
        out.address = where->address;
        out.port = where->port;
    }
    out.certificate_file = settings.kiosk_certificate_file;
    out.key_file = settings.kiosk_key_file;
    out.token_file = settings.kiosk_token_file;
    out.language = settings.kiosk_language;
    out.title = settings.kiosk_title;
    out.has_self_service = settings.kiosk_self_service != "no";
    out.takes_email = settings.kiosk_self_service == "email";
    return out;
}

kiosk::display_settings display_settings_from(const config& settings)
{
    kiosk::display_settings out;
    out.framebuffer = settings.display_framebuffer;
    out.mode = settings.display_mode;
    constexpr long quarter = 90;
    out.quarters = static_cast<int>(number_of(settings.display_rotate) / quarter);
    out.language = settings.kiosk_language;
    out.title = settings.kiosk_title;
    return out;
}

/// The daemon with one configuration: from its start, or a reload, to the next.
class generation {
public:
    generation(asio::io_context& io, const config& settings, platform::state_lock lock,
        std::unique_ptr<parts> all, std::function<result<void>()> reload, platform::logger& log)
        : settings_(settings)
        , lock_(std::move(lock))
        , log_(log)
        , parts_(std::move(all))
        , outbox_(settings.state_directory, outbox_limits_from(settings), log)
        , memory_(settings.state_directory, log)
        , couriers_(report::make_couriers(settings, parts_->proxies, outbox_, log))
        , provisioner_(provisioner_settings_from(settings, *parts_),
              provisioner_parts_of(*parts_, outbox_, memory_, gate_, log))
        , api_(api_parts(io.get_executor(), std::move(reload)))
        , server_(io.get_executor(), routes())
        , tasks_(io.get_executor())
    {
    }

    /// Fails if reports or the control socket cannot be had.
    result<void> prepare();
    void begin();
    /// Ends all of it; returns once it has ended.
    asio::awaitable<void> end();
    void on_failure(std::function<void(std::exception_ptr)> call)
    {
        tasks_.on_failure(std::move(call));
    }

private:
    control::api_parts api_parts(
        asio::any_io_executor executor, std::function<result<void>()> reload);
    net::server_handler routes();
    void publish();

    void make_kiosk(asio::any_io_executor executor);
    task<void> print(platform::secret code, std::string iccid, const kiosk::language& in);

    config settings_;
    platform::state_lock lock_;
    platform::logger& log_;
    std::unique_ptr<parts> parts_;
    report::outbox outbox_;
    provision::memory_file memory_;
    provision::card_gate gate_;
    std::vector<std::unique_ptr<report::courier>> couriers_;
    provision::provisioner provisioner_;
    net::event_feed feed_;
    std::unique_ptr<control::card_requests> card_;
    std::unique_ptr<kiosk::desk> desk_;
    std::unique_ptr<kiosk::kiosk> kiosk_;
    std::unique_ptr<kiosk::display> display_;
    control::api api_;
    net::http_server server_;
    std::string told_;
    platform::task_group tasks_;  // last: it ends what works with the others
};

void generation::make_kiosk(asio::any_io_executor executor)
{
    auto progress = [this](const std::string& iccid) -> std::optional<int> {
        const provision::status& now = provisioner_.now();
        return same_iccid(now.iccid, iccid) ? now.percent : std::nullopt;
    };
    kiosk::desk_parts with{
        .api = *parts_->kiosk_api, .outbox = outbox_, .progress = std::move(progress), .log = log_};
    desk_ = std::make_unique<kiosk::desk>(executor, std::move(with), desk_settings_from(settings_));
    kiosk_ = std::make_unique<kiosk::kiosk>(
        executor, *desk_, *parts_->kiosk_api, kiosk_settings_from(settings_), log_);
    if (!settings_.printer_port.empty())
        kiosk_->on_print(
            [this](platform::secret code, std::string iccid, const kiosk::language& in) {
                return print(std::move(code), std::move(iccid), in);
            });
    if (settings_.display_framebuffer.empty())
        return;
    display_ = std::make_unique<kiosk::display>(*desk_, display_settings_from(settings_), log_);
    desk_->on_change([this] { display_->draw(); });
}

task<void> generation::print(platform::secret code, std::string iccid, const kiosk::language& in)
{
    auto receipt = kiosk::to_receipt(code, settings_.kiosk_title, iccid, in,
        static_cast<int>(number_of(settings_.printer_paper)));
    if (!receipt)
        co_return receipt.error();
    auto printing = net::send_to_port(settings_.printer_port, std::move(*receipt));
    co_return co_await std::move(printing);
}

control::api_parts generation::api_parts(
    asio::any_io_executor executor, std::function<result<void>()> reload)
{
    if (parts_->kiosk_api)
        make_kiosk(std::move(executor));
    if (parts_->card)
        card_ =
            std::make_unique<control::card_requests>(*parts_->card, *parts_->servers, gate_, log_);
    std::vector<report::courier*> couriers;
    for (auto& each : couriers_)
        couriers.push_back(each.get());
    return {.provisioner = provisioner_,
        .card = card_.get(),
        .gate = gate_,
        .outbox = outbox_,
        .couriers = std::move(couriers),
        .events = feed_,
        .kiosk = kiosk_.get(),
        .reload = std::move(reload),
        .log = log_};
}

net::server_handler generation::routes()
{
    return [this](net::server_request asked) { return api_.answer(std::move(asked)); };
}

result<void> generation::prepare()
{
    platform::remove_strays(settings_.state_directory);
    if (auto loaded = outbox_.load(report::keys_of(settings_)); !loaded)
        return loaded.error();
    if (kiosk_)
        if (auto ready = kiosk_->listen(); !ready)
            return ready.error();
    if (display_)
        if (auto ready = display_->open(); !ready)
            return ready.error();
    return server_.listen_on_socket(settings_.control_socket, settings_.control_group,
        control::peers_allowed(settings_.control_group));
}

/// The same story to everybody: followers of the event stream and the service manager.
void generation::publish()
{
    feed_.publish("status", boost::json::serialize(api_.status()));
    const provision::status& now = provisioner_.now();
    std::string line = now.doing;
    if (now.percent)
        line += " (" + std::to_string(*now.percent) + " %)";
    if (line != told_)
        platform::notify_status(line);
    told_ = line;
}

void generation::begin()
{
    provisioner_.on_change([this] { publish(); });
    outbox_.on_add([this](const std::string& event) { feed_.publish("report", event); });
    for (auto& each : couriers_) {
        each->on_change([this] { publish(); });
        tasks_.spawn(each->run());
        tasks_.spawn(each->to().serve());
    }
    tasks_.spawn(server_.run());
    if (kiosk_)
        tasks_.spawn(kiosk_->run());
    tasks_.spawn(provisioner_.run());
    if (!settings_.provision_directory.empty())
        tasks_.spawn(platform::watch_directory(
            settings_.provision_directory, [this] { provisioner_.look_again(); }));
}

asio::awaitable<void> generation::end()
{
    if (desk_)
        co_await desk_->ended();
    co_await tasks_.ended();
}

/// Whether the files that TLS needs are there and hold what they should.
result<void> check_files(const config& settings)
{
    auto check = [](const std::string& ca, const std::string& certificate, const std::string& key) {
        net::tls_settings tls;
        tls.ca_file = ca;
        tls.certificate_file = certificate;
        tls.key_file = key;
        auto made = net::make_tls_context(tls, platform::read_clock());
        return made ? result<void>() : result<void>(made.error());
    };
    if (auto good =
            check(settings.ca_file, settings.client_certificate_file, settings.client_key_file);
        !good)
        return good.error();
    for (const report_destination& each : settings.destinations)
        if (auto good = check(each.ca_file, each.client_certificate_file, each.client_key_file);
            !good)
            return good.error();
    return {};
}

asio::awaitable<void> pet_watchdog(std::chrono::microseconds limit)
{
    auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(limit / 2);
    while (true) {
        platform::pet_watchdog();
        co_await platform::pause(pause);
    }
}

/// The whole life of the daemon.
class daemon {
public:
    daemon(asio::io_context& io, config settings, const config_source& load, platform::logger& log)
        : io_(io)
        , settings_(std::move(settings))
        , load_(load)
        , log_(log)
        , last_moment_(io)
        , beside_(io.get_executor())
    {
    }

    task<void> run();
    /// Asks it to end; it does so by itself, unless something hangs.
    void stop();
    void reload();

private:
    result<void> load_again();
    result<std::unique_ptr<generation>> make(const config& settings);
    result<std::unique_ptr<generation>> make_next();

    asio::io_context& io_;
    config settings_;
    const config_source& load_;
    platform::logger& log_;
    std::optional<config> next_{};
    std::optional<config> before_{};
    asio::steady_timer last_moment_;
    bool is_stopping_ = false;
    std::exception_ptr failed_{};
    platform::wake wake_;
    platform::task_group beside_;
};

void daemon::stop()
{
    is_stopping_ = true;
    wake_.all();
    // All that matters is on disk, and the card's truth on the card: a server or modem that hangs
    // is left where it is.
    constexpr std::chrono::milliseconds patience{1'500};
    last_moment_.expires_after(patience);
    last_moment_.async_wait([this](error_code cancelled) {
        if (!cancelled)
            std::_Exit(failed_ ? exit_internal : exit_done);
    });
}

result<void> daemon::load_again()
{
    auto loaded = load_();
    if (!loaded)
        return loaded.error();
    auto tried = parts::make(*loaded, log_, true);
    if (!tried)
        return tried.error();
    if (auto good = check_files(*loaded); !good)
        return good.error();
    auto level = platform::log_level_from(loaded->log_level);
    if (level)
        log_.show_from(*level);
    next_ = std::move(*loaded);
    wake_.all();
    return {};
}

void daemon::reload()
{
    auto done = load_again();
    if (!done)
        log_.error(
            "the new configuration is refused, the old one stays: " + done.error().message());
}

result<std::unique_ptr<generation>> daemon::make(const config& settings)
{
    auto all = parts::make(settings, log_, true);
    if (!all)
        return all.error();
    auto lock = platform::state_lock::take(settings.state_directory);
    if (!lock)
        return lock.error();
    auto out = std::make_unique<generation>(
        io_, settings, std::move(*lock), std::move(*all), [this] { return load_again(); }, log_);
    if (auto ready = out->prepare(); !ready)
        return ready.error();
    out->on_failure([this](std::exception_ptr why) {
        failed_ = why;
        stop();
    });
    return out;
}

/// The daemon with its new configuration, or with the one before if that one cannot be had.
result<std::unique_ptr<generation>> daemon::make_next()
{
    auto made = make(settings_);
    if (made || !before_)
        return made;
    log_.error(
        "the new configuration is refused, the old one is taken again: " + words_of(made.error()));
    settings_ = std::move(*before_);
    before_.reset();
    return make(settings_);
}

task<void> daemon::run()
{
    if (auto limit = platform::watchdog_interval())
        beside_.spawn(pet_watchdog(*limit));
    while (!is_stopping_) {
        auto now = make_next();
        if (!now)
            co_return now.error();
        (*now)->begin();
        platform::notify_ready();
        log_.info("running");
        while (!is_stopping_ && !next_)
            co_await wake_.until_called();
        if (next_) {
            log_.info("the configuration is loaded again");
            platform::notify_reloading();
            before_ = std::exchange(settings_, std::move(*next_));
            next_.reset();
        } else {
            platform::notify_stopping();
        }
        co_await (*now)->end();
        now->reset();  // its lock and socket are free for the next
    }
    beside_.cancel();
    if (failed_)
        std::rethrow_exception(failed_);
    co_return result<void>();
}

}  // namespace

result<void> run_daemon(
    asio::io_context& io, const config& settings, const config_source& load, platform::logger& log)
{
    ::signal(SIGPIPE, SIG_IGN);
    daemon running{io, settings, load, log};
    asio::signal_set hang_ups{io, SIGHUP};
    std::function<void()> await_hang_up = [&] {
        hang_ups.async_wait([&](error_code ec, int) {
            if (ec)
                return;
            running.reload();
            await_hang_up();
        });
    };
    await_hang_up();
    asio::signal_set ends{io, SIGINT, SIGTERM, SIGQUIT};
    ends.async_wait([&running](error_code ec, int) {
        if (!ec)
            running.stop();
    });
    result<void> out;
    std::exception_ptr failed;
    asio::co_spawn(io, running.run(), [&](std::exception_ptr why, result<void> ended) {
        failed = why;
        out = std::move(ended);
        io.stop();
    });
    io.run();
    if (failed)
        std::rethrow_exception(failed);
    return out;
}

}  // namespace agent
