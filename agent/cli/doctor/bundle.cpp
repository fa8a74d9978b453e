// doctor --bundle: one JSON document with what support asks for first.
#include "agent/cli/daemon_client.hpp"
#include "agent/cli/doctor/doctor.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/config/keys.hpp"
#include "agent/net/url.hpp"
#include "agent/provision/memory.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>

#include <sys/utsname.h>

namespace agent::cli {
namespace {

/// A URL's path may be a secret, as with hook services.
json::value host_of(const std::string& url)
{
    auto parsed = net::parse_url(url);
    return parsed ? json::value(net::to_string(parsed->where)) : json::value();
}

/// Names of files and plain values: no file's content, since secrets are only ever in files.
json::object configuration_of(const config& settings)
{
    json::object out;
    for (const config_key& each : config_keys()) {
        json::value& element = out[each.element];
        if (!element.is_object())
            element.emplace_object();
        element.get_object()[each.attribute] = or_null(each.get(settings));
    }
    json::array destinations;
    for (const report_destination& of : settings.destinations) {
        json::object one{{"kind", name_of(of.kind)}};
        for (const destination_key& each : destination_keys())
            if (each.element == std::string_view(name_of(of.kind)))
                one[each.attribute] =
                    each.kind == value_kind::hook ? host_of(each.get(of)) : or_null(each.get(of));
        destinations.push_back(std::move(one));
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

asio::awaitable<void> fetch_log(examination& of)
{
    if (!of.is_daemon_there)
        co_return;
    auto answer = co_await ask_daemon(of.with, "GET", "/v1/log");
    if (!answer || !*answer)
        co_return;  // the findings say what is wrong with it
    json_document document{**answer};
    const json::value* lines =
        document.root() != nullptr ? member(*document.root(), "lines") : nullptr;
    if (lines != nullptr && lines->is_array())
        of.log = json::value(*lines, {}).as_array();
}

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
    auto kept = file.load(platform::damage::leave);
    out["memory"] = kept ? json::value(provision::to_json_without_secrets(*kept))
                         : json::value(platform::printable(kept.error().message()));
    out["log"] = of.log;
    out["status"] = of.is_daemon_there ? json::value(of.status) : json::value();
    return out;
}

}  // namespace agent::cli
