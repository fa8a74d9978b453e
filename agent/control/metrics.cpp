#include "agent/control/metrics.hpp"

#include "platform/process_stats.hpp"

#include <chrono>
#include <cstdio>

namespace agent::control {
namespace {

std::string text_of(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

/// A label's value, escaped.
std::string quoted(const std::string& value)
{
    std::string out = "\"";
    for (char each : value) {
        if (each == '"' || each == '\\')
            out += '\\';
        out += each == '\n' ? ' ' : each;
    }
    return out + "\"";
}

class metrics_text {
public:
    void begin(const std::string& name, const char* kind, const char* help)
    {
        name_ = "esim_agent_" + name;
        text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + kind + "\n";
    }
    void sample(double value, const std::string& labels = {})
    {
        text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + text_of(value) + "\n";
    }
    void one(const std::string& name, const char* kind, const char* help, double value)
    {
        begin(name, kind, help);
        sample(value);
    }
    std::string take() { return std::move(text_); }

private:
    std::string name_;
    std::string text_;
};

void add_destinations(metrics_text& out, const std::vector<report::courier_status>& destinations)
{
    auto label = [](const report::courier_status& of) { return "destination=" + quoted(of.name); };
    out.begin("reports_waiting", "gauge", "Reports that a destination does not have yet.");
    for (const auto& each : destinations)
        out.sample(static_cast<double>(each.waiting), label(each));
    out.begin("reports_delivered_total", "counter", "Reports that a destination accepted.");
    for (const auto& each : destinations)
        out.sample(static_cast<double>(each.delivered), label(each));
    out.begin("reports_off", "gauge", "1 if a destination wants no more reports (410).");
    for (const auto& each : destinations)
        out.sample(each.is_off ? 1 : 0, label(each));
}

}  // namespace

std::string to_metrics(
    const provision::status& now, const std::vector<report::courier_status>& destinations)
{
    metrics_text out;
    platform::process_stats process = platform::read_process_stats();
    out.begin("info", "gauge", "The agent's version.");
    out.sample(1, "version=" + quoted(AGENT_VERSION));
    out.begin("stage", "gauge", "The last stage that the eSIM reached.");
    out.sample(1, "stage=" + quoted(now.stage ? name_of(*now.stage) : "none"));
    out.begin("trouble", "gauge", "1 if something is wrong, by the class of it.");
    out.sample(now.trouble.empty() ? 0 : 1, "class=" + quoted(now.trouble));
    out.one("failures", "gauge", "Failed tries in a row.", now.failures);
    out.one("steps_total", "counter", "Steps that were begun.", now.steps);
    out.one("installations_total", "counter", "Profiles that were installed.", now.installations);
    if (now.network) {
        bool is_roaming = now.network->state == platform::registration_state::roaming;
        out.one("registered", "gauge", "1 if the modem is on a network.",
            now.network->is_registered() ? 1 : 0);
        out.one("roaming", "gauge", "1 if that is not its home network.", is_roaming ? 1 : 0);
    }
    if (now.is_online_known)
        out.one(
            "online", "gauge", "1 if Gigastore is reached through the modem.", now.online ? 1 : 0);
    if (now.balance.megabytes)
        out.one("balance_megabytes", "gauge", "Data that is left.", *now.balance.megabytes);
    if (now.balance.expires_at) {
        out.one("package_expires_timestamp_seconds", "gauge", "When the next package ends.",
            static_cast<double>(platform::unix_seconds(*now.balance.expires_at)));
    }
    out.one("clock_plausible", "gauge", "0 if the system clock is before this program's build.",
        now.is_clock_plausible ? 1 : 0);
    out.one("resident_memory_bytes", "gauge", "Resident memory.", process.resident_octets);
    out.one("open_files", "gauge", "Open file descriptors.", process.open_files);
    add_destinations(out, destinations);
    return out.take();
}

}  // namespace agent::control
