#include "agent/report/destinations.hpp"

#include "agent/config/keys.hpp"
#include "agent/config/tls_settings_of.hpp"
#include "agent/config/values.hpp"
#include "agent/report/webhook.hpp"
#ifdef ESIM_AGENT_MQTT
#include "agent/report/mqtt.hpp"
#endif

namespace agent::report {
namespace {

std::string key_of(const report_destination& one)
{
    std::string all = std::string(name_of(one.kind)) + "\n" + values::to_text(one.url) + "\n";
    all += one.secret_file + "\n" + one.ca_file + "\n" + one.client_certificate_file + "\n";
    all += one.client_key_file + "\n" + values::to_text(one.format) + "\n" + one.topic + "\n";
    for (const std::string& each : {one.url_file, one.client_id})
        if (!each.empty())
            all += each + "\n";
    return report::destination_key(all + one.username + "\n" + one.password_file + "\n");
}

std::unique_ptr<destination> make_webhook(const report_destination& one,
    const std::string& state_directory, const net::proxy_settings& proxies, platform::logger& log)
{
    webhook_settings out;
    out.url = one.url;
    out.url_file = one.url_file;
    out.secret_file = one.secret_file;
    out.is_gigastore_format = one.format == report_format::gigastore;
    if (out.is_gigastore_format)
        out.posted_file = state_directory + "/outbox/" + key_of(one) + ".posted";
    out.http.tls = tls_settings_of(one);
    out.http.proxies = proxies;
    out.http.user_agent = "esim-agent/" AGENT_VERSION;
    out.http.max_body = 64 * 1024;
    return std::make_unique<webhook>(std::move(out), log);
}

#ifdef ESIM_AGENT_MQTT
std::unique_ptr<destination> make_mqtt(const report_destination& one, platform::logger& log)
{
    mqtt_settings out;
    out.where = one.url->where;
    if (!one.topic.empty())
        out.topic = one.topic;
    if (!one.client_id.empty())
        out.client_id = one.client_id;
    out.desired_topic = one.desired_topic;
    out.reported_topic = one.reported_topic;
    out.username = one.username;
    out.password_file = one.password_file;
    out.tls = tls_settings_of(one);
    return std::make_unique<mqtt>(std::move(out), log);
}
#endif

}  // namespace

outbox_limits limits_of(const config& settings)
{
    outbox_limits out;
    out.count = settings.report_max_count;
    out.bytes = settings.report_max_bytes;
    return out;
}

std::vector<std::string> keys_of(const config& settings)
{
    std::vector<std::string> out;
    out.reserve(settings.destinations.size());
    for (const report_destination& each : settings.destinations)
        out.push_back(key_of(each));
    return out;
}

std::unique_ptr<destination> make_destination(const report_destination& one,
    const std::string& state_directory, const net::proxy_settings& proxies, platform::logger& log)
{
    if (one.kind == destination_kind::webhook)
        return make_webhook(one, state_directory, proxies, log);
#ifdef ESIM_AGENT_MQTT
    return make_mqtt(one, log);
#else
    return nullptr;  // the configuration was refused
#endif
}

std::vector<std::unique_ptr<courier>> make_couriers(
    const config& settings, const net::proxy_settings& proxies, outbox& from, platform::logger& log)
{
    std::vector<std::unique_ptr<courier>> out;
    for (const report_destination& each : settings.destinations)
        if (auto to = make_destination(each, settings.state_directory, proxies, log))
            out.push_back(std::make_unique<courier>(
                key_of(each), std::move(to), from, report_backoff(), log));
    return out;
}

}  // namespace agent::report
