#include "tests/support/running_agent.hpp"

#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <filesystem>

using namespace tests;

namespace {

const std::string order = "K7QX9-2F4M1";

}  // namespace

TEST_CASE("run: a profile that does not register gives way to the one that worked", "[run]")
{
    sandbox outside;
    auto before = outside.agent({"install", "--uid", outside.uid("kiosk"), "--yes"});
    REQUIRE(before.status == 0);
    std::string old(outside.card().at("profiles").at(0).at("iccid").as_string());
    // EF-ICCID has its digits swapped in pairs.
    outside.fault("not-registered@/modem/98990901000000400270");
    running_agent agent{outside, {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("plain"),
                                     "ESIM_AGENT_MODEM_REGISTRATION_LIMIT=3"}};
    REQUIRE(agent.says("does not register; not tried again"));
    auto profiles = outside.card().at("profiles").as_array();
    REQUIRE(profiles.size() == 2);
    for (const auto& each : profiles)
        CHECK(each.at("enabled").as_bool() == (each.at("iccid").as_string() == old));
    CHECK(agent.says("(fallback) was accepted"));
    CHECK(outside.stages().find("failed") != std::string::npos);
    std::string status = outside.device({"status"}).out;
    CHECK(status.find("not_registered") != std::string::npos);
}

TEST_CASE("run: a code that was refused for good is said once and not tried again", "[run]")
{
    sandbox outside;
    outside.admin("POST", "/orders/" + order, R"({"state":"installed","installations":1})");
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("the eSIM is not installed"));
    REQUIRE(agent.says("(failed) was accepted"));
    agent.mark();
    auto calls = outside.counts().at("es9").at("initiateAuthentication").as_int64();
    agent.signal(SIGHUP);
    REQUIRE(agent.says("the configuration is loaded again"));
    REQUIRE(agent.says("asking Gigastore"));
    agent.signal(SIGTERM);
    CHECK(agent.ends() == 0);
    CHECK(outside.counts().at("es9").at("initiateAuthentication").as_int64() == calls);
    auto reports = outside.reports().at("reports").as_array();
    const auto& error = reports.back().at("data").at("error");
    CHECK(error.at("name").as_string() == "code_refused");
    CHECK_FALSE(error.at("subject").as_string().empty());
}

TEST_CASE("run: a notification that its server has refused for a day holds nothing up", "[run]")
{
    sandbox outside;
    outside.fault("410@handleNotification");
    auto environment = daemon_for(outside, outside.uid("plain"));
    std::string memory = outside.directory() + "/agent-state/provision.json";
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("a notification stays on the card"));
        REQUIRE(agent.says("its SM-DP+ has still to be told"));
    }
    auto known = boost::json::parse(*platform::load_state(memory).value());
    for (auto& each : known.at("stuckNotifications").as_array())
        each.as_object()["since"] = 1'750'000'000;
    platform::save_state(memory, boost::json::serialize(known)).value();
    running_agent agent{outside, environment};
    bool is_told = agent.says("(notified) was accepted");
    INFO(agent.log());
    REQUIRE(is_told);
    CHECK(outside.card().at("notifications").as_array().size() == 2);
}

TEST_CASE("run: a confirmation code is waited for, and wiped once it was used", "[run]")
{
    sandbox outside;
    outside.admin("POST", "/orders/" + order, R"({"confirmationCode":"CANARY-0815"})");
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("wants a confirmation code"));
    REQUIRE(agent.says("(failed) was accepted"));
    auto taken =
        ask_api(outside, "POST", "/v1/confirmation-code", R"({"confirmationCode":"CANARY-0815"})");
    CHECK(taken.starts_with("HTTP/1.1 202"));
    CHECK(taken.find("CANARY") == std::string::npos);
    REQUIRE(agent.says("installed and enabled"));
    CHECK(agent.log().find("CANARY") == std::string::npos);
    std::string kept =
        platform::read_file(outside.directory() + "/agent-state/provision.json").value();
    CHECK(kept.find("CANARY") == std::string::npos);
}

TEST_CASE("run: a confirmation code for a second eSIM is kept until that one is there", "[run]")
{
    sandbox outside;
    outside.admin("POST", "/orders/DDDD-0005", R"({"confirmationCode":"CANARY-0815"})");
    running_agent agent{outside, daemon_for(outside, outside.uid("ambiguous"))};
    REQUIRE(agent.says("several eSIMs ready to install"));
    ask_api(outside, "POST", "/v1/install", R"({"iccid":"89999010000000042262"})");
    REQUIRE(agent.says("installed and enabled"));
    agent.mark();
    ask_api(outside, "POST", "/v1/install",
        R"({"iccid":"89999010000000042270","confirmationCode":"CANARY-0815"})");
    REQUIRE(agent.says("2270: notified"));
    CHECK(outside.card().at("profiles").as_array().size() == 2);
    REQUIRE(agent.says("installed and enabled"));
    agent.signal(SIGTERM);
    CHECK(agent.ends() == 0);
    std::string kept =
        platform::read_file(outside.directory() + "/agent-state/provision.json").value();
    CHECK(kept.find("CANARY") == std::string::npos);
}

TEST_CASE("run: a report that is refused is set aside, and sent again by 'report flush'", "[run]")
{
    sandbox outside;
    outside.fault("400*1@/sink");
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("(fetched) is refused by webhook"));
    REQUIRE(agent.says("(notified) was accepted"));
    finished listed = outside.device({"report", "list"});
    CHECK(listed.out.find("fetched") != std::string::npos);
    CHECK(listed.out.find("HTTP 400") != std::string::npos);
    agent.mark();
    finished flushed = outside.device({"report", "flush"});
    CHECK(flushed.status == 0);
    CHECK(flushed.out.starts_with("The daemon sends 1 report now:\n"));
    REQUIRE(agent.says("(fetched) was accepted"));
    CHECK(outside.device({"report", "list"}).out == "No reports wait.\n");
}

TEST_CASE(
    "run: what waits when the daemon ends is delivered by 'report flush', which says so", "[run]")
{
    sandbox outside;
    outside.fault("503@/sink");
    {
        running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
        REQUIRE(agent.says("installed and enabled"));
        std::string waits = outside.device({"report", "list"}).out;
        CHECK(waits.find("waits   webhook ") != std::string::npos);  // and why
        CHECK(waits.find("HTTP 503") != std::string::npos);
    }
    outside.admin("DELETE", "/faults");
    finished flushed = outside.device({"report", "flush"});
    CHECK(flushed.status == 0);
    CHECK(flushed.out.find(" are delivered.\nNo reports wait.\n") != std::string::npos);
}

TEST_CASE("run: 410 switches a destination off, also over a restart", "[run]")
{
    sandbox outside;
    outside.fault("410*1@/sink");
    auto environment = daemon_for(outside, outside.uid("plain"));
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("wants no more reports"));
        REQUIRE(agent.says("installed and enabled"));
    }
    running_agent agent{outside, environment};
    REQUIRE(agent.says("installed and enabled"));
    CHECK(outside.reports().at("received").as_int64() == 0);
    CHECK(ask_api(outside, "GET", "/v1/status").find(R"("off":true)") != std::string::npos);
}

TEST_CASE("run: it waits for a server in trouble, and goes on by itself", "[run]")
{
    sandbox outside{{"--fault", "500*6"}};
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("warning: asking Gigastore for the customer"));
    CHECK(outside.device({"status"}).out.find("server_trouble") != std::string::npos);
    outside.admin("DELETE", "/faults");
    CHECK(agent.says("(notified) was accepted", std::chrono::seconds(40)));
}

TEST_CASE("run: damaged state is set aside with a word, and nothing is installed twice", "[run]")
{
    sandbox outside;
    auto environment = daemon_for(outside, outside.uid("plain"));
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("(notified) was accepted"));
    }
    std::string state = outside.directory() + "/agent-state/";
    for (const char* file :
        {"provision.json", "provision.json.previous", "install.json", "install.json.previous"})
        platform::write_file(state + file, "garbage").value();
    platform::write_file(state + "outbox/0000000007.json", "garbage").value();
    running_agent agent{outside, environment};
    REQUIRE(agent.says("a report is lost"));
    REQUIRE(agent.says("installed and enabled"));
    CHECK(agent.log().find("provision.json is damaged") != std::string::npos);
    CHECK(std::filesystem::exists(state + "provision.json.damaged"));
    CHECK(std::filesystem::exists(state + "outbox/0000000007.json.damaged"));
    CHECK(outside.card().at("profiles").as_array().size() == 1);
    CHECK(outside.order(order).at("installations").as_int64() == 1);
}

TEST_CASE("run: a clock in 1970 or years ahead is lived through, and told", "[run][unsanitized]")
{
    sandbox outside;
    std::string time = GENERATE("@1970-01-02 00:00:00", "-40d");
    auto environment = daemon_for(outside, outside.uid("plain"));
    environment.push_back("LD_PRELOAD=" ESIM_FAKETIME_LIBRARY);
    environment.push_back("FAKETIME_DONT_FAKE_MONOTONIC=1");
    environment.push_back("FAKETIME=" + time);
    running_agent agent{outside, environment};
    REQUIRE(agent.says("(notified) was accepted"));
    auto first = outside.reports().at("reports").at(0);
    CHECK(first.at("data").at("clock").as_string() == "floor");
}
