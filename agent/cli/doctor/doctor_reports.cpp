// doctor: what waits for the fleet, and whether each destination can be reached.
#include "agent/base/json.hpp"
#include "agent/cli/doctor/doctor.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/memory.hpp"
#include "agent/report/destinations.hpp"
#include "platform/storage.hpp"

namespace agent::cli {
namespace {

constexpr const char* destination = "destination";

void check_outbox(examination& of)
{
    const config& settings = of.with.settings;
    auto count = [](const std::string& directory) {
        auto files = platform::list_files(directory, ".json");
        return files ? files->size() : 0;
    };
    std::size_t waiting = count(settings.state_directory + "/outbox");
    std::size_t refused = count(settings.state_directory + "/outbox/refused");
    if (settings.destinations.empty())
        return of.warn("reports", "they go nowhere: no <report> is configured",
            "Add <report><webhook url=\"https://...\" secret-file=\"...\"/></report>, if somebody "
            "should know.");
    const json::value* kept = of.status.if_contains("reports");
    auto in_memory = kept == nullptr ? std::nullopt : whole_number(*kept, "unsaved");
    if (in_memory.value_or(0) != 0)
        return of.warn("reports", std::to_string(*in_memory) + " are in memory alone",
            "The disk takes nothing: make room in " + settings.state_directory
                + "; they are lost if the agent ends before.");
    std::string words = std::to_string(waiting) + " wait";
    if (refused != 0)
        return of.warn("reports", words + ", " + std::to_string(refused) + " were refused",
            "'esim-agent report list' says why, 'esim-agent report flush' sends them again.");
    constexpr std::size_t many = 20;
    if (waiting > many)
        return of.warn("reports", words,
            "Their destination may be out of reach: 'esim-agent status' says since when.");
    of.ok("reports", words);
}

/// What the daemon says of a destination, by its place in the configuration; null if nothing.
const json::value* known_to_daemon(
    const examination& of, std::size_t place, const std::string& name)
{
    const json::value* reports = of.status.if_contains("reports");
    const json::value* all = reports != nullptr ? member(*reports, "destinations") : nullptr;
    if (all == nullptr || !all->is_array())
        return nullptr;
    const json::value* found = all->get_array().if_contains(place);
    bool is_it = found != nullptr && text_view(*found, "name") == name;
    return is_it ? found : nullptr;  // the daemon may run with another configuration
}

const char* advice_for(const failure& why)
{
    if (why == net::errc::credentials_refused || why == net::errc::not_allowed)
        return "Check username and password-file, or the client certificate, that <report> names "
               "for it.";
    return "";
}

/// The daemon's own connection is not disturbed: what it saw counts.
asio::awaitable<void> check_destination(
    examination& of, report::destination& to, std::size_t place, report::device_identity as)
{
    const json::value* seen = known_to_daemon(of, place, to.name());
    std::string trouble = seen != nullptr ? text(*seen, "trouble") : "";
    std::string last = seen != nullptr ? text(*seen, "lastAcceptedAt") : "";
    std::string name = to.name() + ": ";
    if (!trouble.empty()) {
        of.warn(destination, name + "the daemon says: " + trouble,
            "What waits is kept; 'esim-agent report flush' tries at once.");
        co_return;
    }
    if (!last.empty()) {
        of.ok(destination, name + "took the daemon's last report");
        co_return;
    }
    auto checking = to.check(std::move(as));
    auto checked = co_await std::move(checking);
    if (checked)
        of.ok(destination, name + *checked);
    else
        of.fail(destination, checked.error().after(name), advice_for(checked.error()));
}

}  // namespace

asio::awaitable<void> check_reports(examination& of)
{
    check_outbox(of);
    const config& settings = of.with.settings;
    provision::memory_file file{settings.state_directory, of.with.log};
    auto past = file.load(platform::damage::leave);
    report::device_identity as;
    if (past)
        as = {past->eid, past->iccid, past->customer_uid};
    for (std::size_t place = 0; place < settings.destinations.size(); ++place) {
        auto to = report::make_destination(
            settings.destinations[place], settings.state_directory, of.with.proxies, of.with.log);
        if (to)
            co_await check_destination(of, *to, place, as);
    }
}

}  // namespace agent::cli
