#include "agent/app/components.hpp"
#include "agent/app/daemon.hpp"
#include "agent/cli/commands.hpp"
#include "agent/cli/doctor/doctor.hpp"
#include "agent/cli/output/explain.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/config/config.hpp"
#include "platform/secret.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace agent {
namespace {

using cli::problem;

const char* const default_config = "/etc/esim-agent/agent.xml";

/// What a command that ended came to; one that was interrupted ends by an exception.
boost::system::result<void, problem> outcome(
    std::exception_ptr exception, boost::system::result<void, problem> value)
{
    if (!exception)
        return value;
    try {
        std::rethrow_exception(exception);
    } catch (const boost::system::system_error& error) {
        return problem({}, failure(error.code()));
    } catch (const std::exception& error) {
        return problem({}, failure(boost::system::errc::state_not_recoverable, error.what()));
    }
}

int run(cli::session& with, cli::command_options command, asio::io_context& io)
{
    asio::cancellation_signal stop;
    asio::signal_set signals{io, SIGINT, SIGTERM};
    struct sigaction hang_up {};
    bool is_ignored =  // by nohup
        ::sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler == SIG_IGN;
    error_code ignored;
    signals.add(SIGQUIT, ignored);
    if (!is_ignored)
        signals.add(SIGHUP, ignored);
    int caught = 0;
    signals.async_wait([&](error_code, int number) {
        caught = number;
        // Whoever asks twice does not want to wait until things are tidied up.
        signals.async_wait([](error_code, int) { std::_Exit(cli::exit_interrupted); });
        stop.emit(asio::cancellation_type::terminal);
    });
    int status = cli::exit_done;
    auto finish = [&](std::exception_ptr exception, boost::system::result<void, problem> value) {
        auto ended = outcome(exception, std::move(value));
        if (!ended && with.unsettled && (caught != 0 || exception))
            ended = *with.unsettled;
        else if (!ended && caught != 0 && !with.if_interrupted.empty())
            ended = problem({}, ended.error().why(), with.if_interrupted);
        status = ended ? with.status_instead : cli::report(ended.error(), with.json);
        io.stop();
    };
    asio::co_spawn(
        io, cli::run(with, std::move(command)), asio::bind_cancellation_slot(stop.slot(), finish));
    io.run();
    return status;
}

int start(const cli::invocation& asked)
{
    bool is_named = !asked.config_file.empty();
    std::string file = is_named ? asked.config_file : default_config;
    auto settings = load_config(file, is_named, environ);
    auto* doctor = asked.runs_daemon ? nullptr : std::get_if<cli::doctor_options>(&asked.command);
    if (!settings && doctor != nullptr)
        return cli::diagnose(settings.error(), *doctor, asked.json);
    if (!settings)
        return cli::report(problem("configuration", settings.error()), asked.json);
    auto usual = asked.runs_daemon ? platform::log_level::info : platform::log_level::warning;
    auto configured = settings->log_level.value_or(usual);
    platform::logger log{asked.log_level.value_or(configured)};

    // Never destroyed: its destructor would wait for a getaddrinfo() that nobody waits for.
    static auto* const io = new asio::io_context{1};
    if (asked.runs_daemon) {
        auto reload = [&file, is_named] { return load_config(file, is_named, environ); };
        auto ended = run_daemon(*io, *settings, reload, log);
        return ended ? cli::exit_done : cli::report(problem("run", ended.error()), asked.json);
    }
    bool names_modem = settings->has_card();
    if (doctor != nullptr && !names_modem)
        settings->modem_channel = platform::channel_kind::automatic;  // what could be configured
    auto made = components::make(*settings, log);
    if (!made && doctor != nullptr)
        return cli::diagnose(made.error(), *doctor, asked.json);
    if (!made)
        return cli::report(problem("configuration", made.error()), asked.json);
    components& all = **made;
    cli::session session{.settings = *settings,
        .api = *all.api,
        .log = log,
        .json = asked.json,
        .config_file = file,
        .proxies = all.proxies,
        .http = all.http.get()};
    session.found = all.found;
    session.names_modem = names_modem;
    session.servers = all.servers.get();
    session.device = all.device();
    return run(session, asked.command, *io);
}

}  // namespace
}  // namespace agent

int main(int argc, char** argv)
{
    namespace cli = agent::cli;
    platform::occupy_standard_descriptors();
    platform::forbid_core_dumps();
    cli::parsed parsed = cli::parse(argc, argv);
    if (const int* status = std::get_if<int>(&parsed))
        return *status;
    int status = agent::start(std::get<cli::invocation>(parsed));
    if (auto lost = cli::output_failure())
        status = cli::report(cli::problem({}, *lost), false);
    return status;
}
