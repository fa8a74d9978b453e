#include "agent/report/destinations.hpp"

#include "agent/report/webhook.hpp"
#ifdef ESIM_AGENT_MQTT
#include "agent/report/mqtt.hpp"
#endif

namespace agent::report {
namespace {

net::tls_settings tls_of(const report_destination& one)
{
    net::tls_settings out;
    out.ca_file = one.ca_file;
    out.certificate_file = one.client_certificate_file;
    out.key_file = one.client_key_file;
    return out;
}

std::unique_ptr<destination> make_webhook(
    const report_destination& one, const net::proxy_settings& proxies, platform::logger& log)
{
    webhook_settings out;
    out.url = net::parse_url(one.url).value();  // as the configuration has checked
    out.secret_file = one.secret_file;
    out.is_gigastore_format = one.format == "gigastore";
    out.http.tls = tls_of(one);
    out.http.proxies = proxies;
    out.http.user_agent = "esim-agent/" AGENT_VERSION;
    out.http.max_body = 64 * 1024;
    return std::make_unique<webhook>(std::move(out), log);
}

#ifdef ESIM_AGENT_MQTT
std::unique_ptr<destination> make_mqtt(const report_destination& one, platform::logger& log)
{
    mqtt_settings out;
    out.where = net::parse_url(one.url).value().where;
    out.topic = one.topic.empty() ? "esim/{eid}/status" : one.topic;
    out.username = one.username;
    out.password_file = one.password_file;
    out.tls = tls_of(one);
    return std::make_unique<mqtt>(std::move(out), log);
}
#endif

std::string key_of(const report_destination& one)
{
    std::string all;
    for (const std::string* each :
        {&one.kind, &one.url, &one.secret_file, &one.ca_file, &one.client_certificate_file,
            &one.client_key_file, &one.format, &one.topic, &one.username, &one.password_file})
        all += *each + "\n";
    return destination_key(all);
}

}  // namespace

std::vector<std::string> keys_of(const config& settings)
{
    std::vector<std::string> out;
    out.reserve(settings.destinations.size());
    for (const report_destination& each : settings.destinations)
        out.push_back(key_of(each));
    return out;
}

std::vector<std::unique_ptr<courier>> make_couriers(
    const config& settings, const net::proxy_settings& proxies, outbox& from, platform::logger& log)
{
    std::vector<std::unique_ptr<courier>> out;
    for (const report_destination& each : settings.destinations) {
        std::unique_ptr<destination> to;
        if (each.kind == "webhook")
            to = make_webhook(each, proxies, log);
#ifdef ESIM_AGENT_MQTT
        else
            to = make_mqtt(each, log);
#endif
        if (to)
            out.push_back(std::make_unique<courier>(
                key_of(each), std::move(to), from, report_backoff(), log));
    }
    return out;
}

}  // namespace agent::report
