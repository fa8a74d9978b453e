#include "tests/support/running_agent.hpp"

#include "agent/config/config.hpp"
#include "agent/report/destinations.hpp"
#include "agent/report/outbox.hpp"
#include "platform/storage.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>
#include <csignal>
#include <filesystem>
#include <map>

using namespace tests;

namespace {

constexpr int killed = 128 + 9;

/// Empty if card, order and reports are as they should be once all is done.
std::string what_is_wrong(const sandbox& outside)
{
    auto card = outside.card();
    if (card.at("profiles").as_array().size() != 1)
        return "not one profile";
    if (!card.at("profiles").at(0).at("enabled").as_bool())
        return "not enabled";
    if (!card.at("notifications").as_array().empty())
        return "notifications are left";
    if (outside.order("K7QX9-2F4M1").at("installations").as_int64() != 1)
        return "not installed once";
    auto reports = outside.reports();
    if (reports.at("rejected").as_int64() != 0)
        return "a report was rejected";
    std::string stages = outside.stages();
    if (stages != "fetched downloading installed enabled notified")
        return "reports: " + stages;
    return "";
}

/// Until no report waits on the device any more, or half a minute.
void await_drained(const sandbox& outside)
{
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::string outbox = outside.directory() + "/agent-state/outbox";
    while (std::chrono::steady_clock::now() < end)
        if (platform::list_files(outbox, ".json").value().empty())
            return;
}

/// Cuts the power at one moment after the other, each time from an empty card, until one comes
/// after everything. Gives how many there were; what went wrong is checked.
int sweep(const sandbox& outside)
{
    auto environment = daemon_for(outside, outside.uid("plain"));
    for (int moment = 1;; ++moment) {
        outside.start_over("K7QX9-2F4M1");
        outside.admin("POST", "/esims/89999010000000042007/RELEASED");
        outside.admin("DELETE", "/reports");
        std::filesystem::remove_all(outside.directory() + "/agent-state");
        auto cut = environment;
        cut.push_back("LD_PRELOAD=" KILL_AT_LIBRARY);
        cut.push_back("KILL_AT=" + std::to_string(moment));
        bool was_cut = false;
        {
            running_agent victim{outside, cut};
            was_cut = !victim.says("(notified) was accepted");
            if (was_cut)
                REQUIRE(victim.ends() == killed);
        }
        if (!was_cut)
            return moment - 1;
        running_agent again{outside, environment};
        bool is_done = again.says("installed and enabled");
        INFO("moment " << moment << "\n" << again.log());
        REQUIRE(is_done);
        await_drained(outside);
        CHECK(what_is_wrong(outside) == "");
    }
}

}  // namespace

TEST_CASE("run: kill -9 around every change of its state and at every message to card or server "
          "leaves one profile, and each report once",
    "[run][unsanitized]")
{
    sandbox outside;
    CHECK(sweep(outside) > 250);
}

TEST_CASE(
    "run: a thousand reports outlive an outage and kill -9, each comes once by its id, in order",
    "[run]")
{
    sandbox outside;
    platform::logger log{platform::log_level::error};
    {
        agent::report::outbox_limits limits;
        agent::report::outbox outbox{outside.directory() + "/agent-state", limits, log};
        auto settings = agent::load_config(outside.at("deviceConfig"), true, nullptr).value();
        REQUIRE(outbox.load(agent::report::keys_of(settings)));
        for (int i = 0; i < 1'000; ++i) {
            agent::report::event one;
            one.stage = agent::report::stage::enabled;
            one.occurrence = std::to_string(i);
            one.iccid = agent::iccid::from("8999901000000004200" + std::to_string(i % 5));
            outbox.add(one);
        }
        REQUIRE(outbox.waiting().size() == 1'000);
    }
    auto environment = daemon_for(outside, "");
    outside.fault("drop@/sink");
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("waits for webhook"));
    }
    outside.fault("drop-after+400*1@/sink");
    for (int cut = 0; cut < 2; ++cut) {  // in the middle of the drain
        running_agent agent{outside, environment};
        REQUIRE(agent.says("was accepted", std::chrono::seconds(20), 200));
    }
    auto left = platform::list_files(outside.directory() + "/agent-state/outbox", ".json").value();
    running_agent agent{outside, environment};
    REQUIRE(agent.says("was accepted", std::chrono::seconds(30), static_cast<int>(left.size())));
    auto reports = outside.reports();
    CHECK(reports.at("ids").as_int64() == 1'000);
    CHECK(reports.at("reports").as_array().size() == 1'000);
    std::map<std::string, std::string> last;
    for (const auto& each : reports.at("reports").as_array()) {
        std::string iccid(each.at("data").at("iccid").as_string());
        std::string time(each.at("time").as_string());
        CHECK(last[iccid] <= time);
        last[iccid] = time;
    }
    CHECK(last.size() == 5);
}
