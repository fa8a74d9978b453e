// doctor --bundle: a tar archive (POSIX.1-1988, ustar) of what support asks for first.
#include "agent/cli/doctor/doctor.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/net/url.hpp"
#include "agent/provision/memory.hpp"
#include "platform/storage.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <sys/utsname.h>

namespace agent::cli {
namespace {

constexpr std::size_t block = 512;

struct ustar_header {
    char name[100];
    char mode[8];
    char user[8];
    char group[8];
    char size[12];
    char modified[12];
    char checksum[8];
    char type;
    char link[100];
    char magic[6];
    char version[2];
    char unused[247];
};
static_assert(sizeof(ustar_header) == block);

void append_file(std::string& archive, const char* name, const std::string& content)
{
    ustar_header head{};
    std::snprintf(head.name, sizeof head.name, "esim-agent/%s", name);
    std::snprintf(head.mode, sizeof head.mode, "%07o", 0600U);
    std::snprintf(head.user, sizeof head.user, "%07o", 0U);
    std::snprintf(head.group, sizeof head.group, "%07o", 0U);
    std::snprintf(head.size, sizeof head.size, "%011zo", content.size());
    std::snprintf(head.modified, sizeof head.modified, "%011llo",
        static_cast<unsigned long long>(std::time(nullptr)));
    std::memset(head.checksum, ' ', sizeof head.checksum);
    head.type = '0';
    std::memcpy(head.magic, "ustar", sizeof head.magic);
    std::memcpy(head.version, "00", sizeof head.version);
    std::array<unsigned char, block> bytes{};
    std::memcpy(bytes.data(), &head, block);
    unsigned sum = 0;
    for (unsigned char each : bytes)
        sum += each;
    std::snprintf(head.checksum, sizeof head.checksum, "%06o", sum);
    archive.append(reinterpret_cast<const char*>(&head), block);
    archive += content;
    archive.resize((archive.size() + block - 1) / block * block, '\0');
}

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

std::string about_system()
{
    utsname about{};
    ::uname(&about);
    std::string out = std::string("esim-agent ") + AGENT_VERSION + "\n" + about.sysname + " "
                      + about.release + " " + about.machine + "\n";
    out += local_time(platform::read_clock().system) + "\n";
    auto release = platform::read_file("/etc/os-release");
    return release ? out + *release : out;
}

/// What the daemon has done, as it remembers; the order's confirmation code is not in it.
json::object memory_of(const session& with)
{
    provision::memory_file file{with.settings.state_directory, with.log};
    provision::memory past = file.load(platform::damage::leave);
    json::array reported;
    for (const std::string& each : past.reported)
        reported.emplace_back(each);
    json::object out{{"eid", past.eid}, {"customerUid", past.customer_uid}, {"iccid", past.iccid},
        {"esimState", past.esim_state}, {"occasion", past.occasion},
        {"workingIccid", past.working_iccid}, {"unusableIccid", past.unusable_iccid},
        {"heldIccid", past.held_iccid}, {"installations", past.installations},
        {"refused", past.refused.name}, {"refusedWords", past.refused.words}};
    out["reported"] = std::move(reported);
    return out;
}

}  // namespace

std::string to_bundle(const json::object& findings)
{
    std::string out;
    append_file(out, "doctor.json", json_text(findings) + "\n");
    append_file(out, "system.txt", about_system());
    out.append(2 * block, '\0');
    return out;
}

std::string to_bundle(const examination& of)
{
    std::string out;
    append_file(out, "doctor.json", json_text(to_json(of)) + "\n");
    append_file(out, "configuration.json", json_text(configuration_of(of.with.settings)) + "\n");
    append_file(out, "memory.json", json_text(memory_of(of.with)) + "\n");
    if (of.is_daemon_there)
        append_file(out, "status.json", json_text(of.status) + "\n");
    append_file(out, "system.txt", about_system());
    out.append(2 * block, '\0');
    return out;
}

}  // namespace agent::cli
