#include "agent/app/components.hpp"

#include "agent/config/tls_settings_of.hpp"
#include "agent/esim/hook_installer.hpp"
#include "agent/esim/native_installer.hpp"
#include "platform/make_channel.hpp"
#include "platform/storage.hpp"

#include <cstdlib>

namespace agent {
namespace {

/// The proxy that is configured, else the one that https_proxy and no_proxy name.
result<net::proxy_settings> proxies_from(const config& settings)
{
    auto from_environment = [](const char* lower, const char* upper) {
        const char* value = std::getenv(lower);
        value = value != nullptr ? value : std::getenv(upper);
        return std::string(value != nullptr ? value : "");
    };
    net::proxy_settings out;
    out.through = settings.proxy;
    out.except = settings.proxy ? settings.proxy_except
                                : net::parse_no_proxy(from_environment("no_proxy", "NO_PROXY"));
    std::string url = from_environment("https_proxy", "HTTPS_PROXY");
    if (!out.through && !url.empty()) {
        auto proxy = net::parse_proxy(url);
        if (!proxy)
            return proxy.error();
        out.through = std::move(*proxy);
    }
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
    out.tls = tls_settings_of(settings);
    out.proxies = std::move(proxies);
    return out;
}

gigastore::client_settings gigastore_settings_from(const config& settings)
{
    gigastore::client_settings out;
    out.base = settings.gigastore_url;
    out.credentials.client_id = settings.client_id_file;
    out.credentials.client_secret = settings.client_secret_file;
    out.credentials.bearer = settings.bearer_file;
    out.credentials.has_client_certificate = !settings.client_certificate_file.empty();
    return out;
}

/// The names that the ISD-R is looked for by: the configured one first.
std::vector<platform::bytes> isd_r_names(const config& settings)
{
    std::vector<platform::bytes> out = platform::known_isd_r_aids();
    if (!settings.modem_aid.empty())
        out.insert(out.begin(), settings.modem_aid);
    return out;
}

/// How this device's card is reached; null if no modem is configured.
std::unique_ptr<platform::euicc_channel> channel_from(
    const config& settings, platform::found_port found)
{
    platform::channel_settings out;
    out.kind = settings.modem_channel;
    out.device = settings.modem_device;
    out.slot = settings.modem_slot.number;
    out.aids = isd_r_names(settings);
    out.found = std::move(found);
    out.is_managed = settings.modem_control == platform::control_kind::modemmanager;
    return platform::make_channel(std::move(out));
}

platform::isd_r_settings isd_r_settings_from(const config& settings)
{
    platform::isd_r_settings out;
    out.aids = isd_r_names(settings);
    out.segment = settings.modem_segment;
    out.least_segment = std::min(settings.modem_least_segment, settings.modem_segment);
    out.memory = platform::segment_memory(settings.state_directory + "/segment",
        std::to_string(settings.modem_segment) + " " + settings.modem_device);
    return out;
}

#ifdef ESIM_AGENT_HOOK
esim::hook_settings hook_from(const config& settings)
{
    esim::hook_settings out;
    out.program = settings.modem_installer_program;
    out.device = settings.modem_device;
    out.limit = settings.modem_installer_limit;
    return out;
}
#endif

/// How its modem is controlled; null if it is not.
std::unique_ptr<platform::modem_control> control_from(
    const config& settings, platform::found_port found)
{
    bool is_automatic = settings.modem_channel == platform::channel_kind::automatic;
    auto usual = is_automatic ? platform::control_kind::automatic : platform::control_kind::none;
    const std::string& own = settings.modem_control_device;
    platform::control_settings out;
    out.kind = settings.modem_control.value_or(usual);
    out.device = own.empty() ? settings.modem_device : own;
    if (own.empty())
        out.channel = settings.modem_channel;
    out.is_interrupted_by_card = settings.modem_channel == platform::channel_kind::at;
    out.found = std::move(found);
    return platform::make_modem_control(std::move(out));
}

}  // namespace

esim::card_access components::device() const
{
    return {.installer = installer.get(), .euicc = card.get(), .journal = journal.get()};
}

result<std::unique_ptr<components>> components::make(const config& settings, platform::logger& log)
{
    auto proxies = proxies_from(settings);
    if (!proxies)
        return proxies.error().after("proxy: ");
    std::unique_ptr<components> out{new components};
    out->gigastore_url = settings.gigastore_url;
    out->proxies = *proxies;
    out->http = std::make_unique<net::http_client>(http_settings_from(settings, out->proxies), log);
    out->api =
        std::make_unique<gigastore::client>(*out->http, gigastore_settings_from(settings), log);
    out->journal = std::make_unique<lpa::journal>(settings.state_directory);
    net::http_settings to_servers;
    to_servers.proxies = out->proxies;
    out->servers =
        std::make_unique<lpa::smdp_access>(std::move(to_servers), settings.lpa_ca_file, log);
    out->modem = control_from(settings, out->found);
#ifdef ESIM_AGENT_HOOK
    if (settings.modem_installer == installer_kind::hook)
        out->installer =
            std::make_unique<esim::hook_installer>(hook_from(settings), *out->journal, log);
#endif
    out->channel = channel_from(settings, out->found);
    if (!out->channel)
        return out;
    out->isd_r =
        std::make_unique<platform::isd_r>(*out->channel, isd_r_settings_from(settings), log);
    lpa::euicc_settings card;
    card.refresh = settings.modem_refresh;
    card.imei = settings.modem_imei;
    card.capabilities = settings.modem_technologies;
    out->card = std::make_unique<lpa::euicc>(*out->isd_r, log, std::move(card));
    out->installer =
        std::make_unique<esim::native_installer>(*out->card, *out->servers, *out->journal, log);
    return out;
}

}  // namespace agent
