// doctor --bundle: one JSON document with what support asks for first.
#include "agent/cli/doctor/doctor.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/net/url.hpp"
#include "agent/provision/memory.hpp"
#include "platform/storage.hpp"

#include <boost/json/array.hpp>

#include <sys/utsname.h>

namespace agent::cli {
namespace {

/// Names of files and plain values: no file's content, since secrets are only ever in files.
json::object configuration_of(const config& settings)
{
    json::object out{{"gigastoreUrl", settings.gigastore_url},
        {"clientIdFile", settings.client_id_file},
        {"clientSecretFile", settings.client_secret_file}, {"bearerFile", settings.bearer_file},
        {"clientCertificateFile", settings.client_certificate_file}, {"caFile", settings.ca_file},
        {"customerUid", settings.customer_uid}, {"customerIccid", settings.customer_iccid},
        {"proxyUrl", settings.proxy_url}, {"lpaCaFile", settings.lpa_ca_file},
        {"modemChannel", settings.modem_channel}, {"modemDevice", settings.modem_device},
        {"modemControl", settings.modem_control}, {"modemEnable", settings.modem_enable},
        {"modemInterface", settings.modem_interface},
        {"provisionDirectory", settings.provision_directory}, {"poll", settings.poll},
        {"kioskListen", settings.kiosk_listen}, {"kioskSelfService", settings.kiosk_self_service},
        {"displayFramebuffer", settings.display_framebuffer},
        {"printerPort", settings.printer_port}, {"stateDirectory", settings.state_directory},
        {"controlSocket", settings.control_socket}, {"logLevel", settings.log_level}};
    json::array destinations;
    for (const report_destination& each : settings.destinations) {
        auto url = net::parse_url(each.url);  // its path may be a secret, as with hook services
        std::string host = url ? net::to_string(url->where) : "";
        destinations.push_back({{"kind", each.kind}, {"host", host}, {"topic", each.topic}});
    }
    out["destinations"] = std::move(destinations);
    return out;
}

json::object about_system()
{
    utsname about{};
    ::uname(&about);
    json::object out{{"agentVersion", AGENT_VERSION},
        {"kernel", std::string(about.sysname) + " " + about.release + " " + about.machine},
        {"localTime", local_time(platform::read_clock().system)}};
    auto release = platform::read_file("/etc/os-release");
    out["osRelease"] = release ? json::value(*release) : json::value();
    return out;
}

}  // namespace

json::object to_bundle(json::object findings)
{
    json::object out;
    out["doctor"] = std::move(findings);
    out["system"] = about_system();
    return out;
}

json::object to_bundle(const examination& of)
{
    json::object out = to_bundle(to_json(of));
    out["configuration"] = configuration_of(of.with.settings);
    provision::memory_file file{of.with.settings.state_directory, of.with.log};
    out["memory"] = provision::to_json_without_secrets(file.load(platform::damage::leave));
    out["status"] = of.is_daemon_there ? json::value(of.status) : json::value();
    return out;
}

}  // namespace agent::cli
