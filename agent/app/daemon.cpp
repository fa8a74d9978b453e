#include "agent/app/daemon.hpp"

#include "agent/app/configured_daemon.hpp"
#include "agent/base/redact.hpp"
#include "agent/cli/exit_status.hpp"
#include "agent/config/tls_settings_of.hpp"
#include "platform/service.hpp"
#include "platform/timeout.hpp"

#ifdef ESIM_AGENT_KIOSK
#include "agent/web/brand.hpp"
#endif

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>

namespace agent {
namespace {

/// Whether the files that the configuration names are there and hold what they should.
result<void> check_files(const config& settings)
{
    auto check = [](const auto& of) {
        auto made = net::make_tls_context(tls_settings_of(of), platform::read_clock());
        return made ? result<void>() : result<void>(made.error());
    };
    if (auto good = check(settings); !good)
        return good.error();
    for (const report_destination& each : settings.destinations)
        if (auto good = check(each); !good)
            return good.error();
#ifdef ESIM_AGENT_KIOSK
    if (auto look = web::read_brand(settings.kiosk_brand); !look)
        return look.error();
#endif
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
    result<std::unique_ptr<configured_daemon>> make(const config& settings);
    result<std::unique_ptr<configured_daemon>> make_next();

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
            std::_Exit(failed_ ? cli::exit_internal : cli::exit_done);
    });
}

result<void> daemon::load_again()
{
    auto loaded = load_();
    if (!loaded)
        return loaded.error();
    auto tried = components::make(*loaded, log_);
    if (!tried)
        return tried.error();
    if (auto good = check_files(*loaded); !good)
        return good.error();
    if (loaded->log_level)
        log_.show_from(*loaded->log_level);
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

result<std::unique_ptr<configured_daemon>> daemon::make(const config& settings)
{
    auto all = components::make(settings, log_);
    if (!all)
        return all.error();
    auto lock = platform::state_lock::take(settings.state_directory);
    if (!lock)
        return lock.error();
    auto out = std::make_unique<configured_daemon>(
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
result<std::unique_ptr<configured_daemon>> daemon::make_next()
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
    log.keep_recent();
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