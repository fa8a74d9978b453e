#include "agent/cli/commands.hpp"
#include "agent/cli/explain.hpp"
#include "agent/cli/output.hpp"
#include "agent/config/config.hpp"
#include "agent/lpa/euicc.hpp"
#include "agent/lpa/journal.hpp"
#include "agent/lpa/smdp_access.hpp"
#include "agent/net/error.hpp"
#include "agent/net/http_client.hpp"
#include "agent/net/proxy.hpp"
#include "platform/isd_r.hpp"
#include "platform/make_channel.hpp"
#include "platform/secret.hpp"
#include "platform/storage.hpp"

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

/// The proxy that is configured, else the one that https_proxy and no_proxy name.
result<net::proxy_settings> proxies_from(const config& settings)
{
    auto from_environment = [](const char* lower, const char* upper) {
        const char* value = std::getenv(lower);
        value = value != nullptr ? value : std::getenv(upper);
        return std::string(value != nullptr ? value : "");
    };
    net::proxy_settings out;
    bool is_configured = !settings.proxy_url.empty();
    std::string url =
        is_configured ? settings.proxy_url : from_environment("https_proxy", "HTTPS_PROXY");
    std::string except =
        is_configured ? settings.proxy_except : from_environment("no_proxy", "NO_PROXY");
    out.except = net::parse_no_proxy(except);
    if (url.empty())
        return out;
    auto proxy = net::parse_proxy(url);
    if (!proxy)
        return proxy.error();
    out.through = std::move(*proxy);
    if (settings.proxy_credentials_file.empty())
        return out;
    auto credentials = platform::read_secret_file(settings.proxy_credentials_file);
    if (!credentials)
        return credentials.error();
    std::string_view text = credentials->reveal();
    auto colon = std::min(text.find(':'), text.size());
    out.through->authorization = net::basic_authorization(
        text.substr(0, colon), text.substr(std::min(colon + 1, text.size())));
    return out;
}

net::http_settings http_settings_from(const config& settings, net::proxy_settings proxies)
{
    net::http_settings out;
    out.tls.ca_file = settings.ca_file;
    out.tls.certificate_file = settings.client_certificate_file;
    out.tls.key_file = settings.client_key_file;
    out.proxies = std::move(proxies);
    return out;
}

gigastore::client_settings gigastore_settings_from(const config& settings, net::url base)
{
    gigastore::client_settings out;
    out.base = std::move(base);
    out.credentials.client_id = settings.client_id_file;
    out.credentials.client_secret = settings.client_secret_file;
    out.credentials.bearer = settings.bearer_file;
    out.credentials.has_client_certificate = !settings.client_certificate_file.empty();
    return out;
}

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

/// The names that the ISD-R is looked for by: the configured one first.
std::vector<platform::bytes> isd_r_names(const config& settings)
{
    std::vector<platform::bytes> out = platform::known_isd_r_aids();
    if (auto aid = platform::from_hex(settings.modem_aid); aid && !aid->empty())
        out.insert(out.begin(), std::move(*aid));
    return out;
}

/// How this device's card is reached; null if no modem is configured.
std::unique_ptr<platform::euicc_channel> channel_from(const config& settings)
{
    platform::channel_settings out;
    out.kind = settings.modem_channel;
    out.device = settings.modem_device;
    out.aids = isd_r_names(settings);
    return platform::make_channel(std::move(out));
}

platform::isd_r_settings isd_r_settings_from(const config& settings)
{
    platform::isd_r_settings out;
    out.aids = isd_r_names(settings);
    out.least_segment = static_cast<std::size_t>(std::atol(settings.modem_least_segment.c_str()));
    return out;
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
        signals.async_wait([](error_code, int) { std::_Exit(exit_interrupted); });
        stop.emit(asio::cancellation_type::terminal);
    });
    int status = exit_done;
    auto finish = [&](std::exception_ptr exception, boost::system::result<void, problem> value) {
        auto ended = outcome(exception, std::move(value));
        if (!ended && with.unsettled && (caught != 0 || exception))
            ended = *with.unsettled;
        else if (!ended && caught != 0 && !with.if_interrupted.empty())
            ended = problem({}, ended.error().why(), with.if_interrupted);
        if (!ended)
            status = cli::report(ended.error(), with.json);
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
    auto settings = load_config(is_named ? asked.config_file : default_config, is_named, environ);
    if (!settings)
        return cli::report(problem("configuration", settings.error()), asked.json);
    auto base = net::parse_url(settings->gigastore_url);
    if (!base)
        return cli::report(problem("configuration", base.error()), asked.json);
    auto proxies = proxies_from(*settings);
    if (!proxies)
        return cli::report(problem("configuration of the proxy", proxies.error()), asked.json);
    auto configured_level = platform::log_level_from(settings->log_level);
    platform::logger log{asked.log_level.value_or(*configured_level)};

    // Never destroyed: its destructor would wait for a getaddrinfo() that nobody waits for.
    static auto* const io = new asio::io_context{1};
    net::http_client http{http_settings_from(*settings, *proxies), log};
    gigastore::client api{http, gigastore_settings_from(*settings, std::move(*base)), log};
    cli::session session{.settings = *settings, .api = api, .log = log, .json = asked.json};

    auto channel = channel_from(*settings);
    lpa::journal journal{settings->state_directory};
    net::http_settings to_servers;
    to_servers.proxies = std::move(*proxies);
    lpa::smdp_access servers{std::move(to_servers), settings->lpa_ca_file, log};
    std::optional<platform::isd_r> isd_r;
    std::optional<lpa::euicc> card;
    if (channel) {
        isd_r.emplace(*channel, isd_r_settings_from(*settings), log);
        card.emplace(*isd_r, log, lpa::euicc_settings{.imei = settings->modem_imei});
        session.device = {.card = &*card, .servers = &servers, .journal = &journal};
    }
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
