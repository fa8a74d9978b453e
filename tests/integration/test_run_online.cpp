#include "tests/support/running_agent.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/serialize.hpp>
#include <csignal>

using namespace tests;

namespace {

/// A profile that is on the card and enabled: what is left to be shown is its data. The loopback
/// interface stands for the modem's, since the sandbox is reached by that.
std::vector<std::string> awaiting_data(const sandbox& outside, const std::string& interface)
{
    REQUIRE(outside.device({"install", "--uid", outside.uid("plain"), "--yes"}).status == 0);
    return {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("plain"), "ESIM_AGENT_DATA_ONLINE=connect",
        "ESIM_AGENT_DATA_LIMIT=1", "ESIM_AGENT_MODEM_INTERFACE=" + interface};
}

}  // namespace

TEST_CASE("run: an eSIM whose data flows is reported as online, with its APN in the modem", "[run]")
{
    sandbox outside;
    auto environment = awaiting_data(outside, "lo");
    environment.emplace_back("ESIM_AGENT_DATA_APN=travel.example");
    running_agent agent{outside, environment};
    REQUIRE(agent.says("(online) was accepted"));
    REQUIRE(agent.says("installed and enabled"));
    CHECK(outside.counts().at("apn").as_string() == "travel.example");
    CHECK(outside.counts().at("detaches").as_int64() == 1);
    CHECK(outside.device({"status"}).out.find("roaming, online by lo\n") != std::string::npos);
    CHECK(ask_api(outside, "GET", "/metrics").find("esim_agent_online 1") != std::string::npos);
    auto reports = boost::json::serialize(outside.reports());
    CHECK(reports.find(R"("interface":"lo","apn":"travel.example","apnGuessed":false)")
          != std::string::npos);

    // What is right is left alone: the modem does not leave packet data once more.
    agent.mark();
    agent.signal(SIGHUP);
    REQUIRE(agent.says("waiting for data"));
    REQUIRE(agent.says("installed and enabled"));
    CHECK(outside.counts().at("detaches").as_int64() == 1);
}

TEST_CASE("doctor: says whether data flows, and which program cannot bring it up", "[run]")
{
    sandbox outside;
    program_options more;
    auto doctor = [&](std::vector<std::string> environment) {
        more.environment = std::move(environment);
        more.environment.emplace_back("ESIM_AGENT_DATA_ONLINE=connect");
        return outside.device({"doctor"}, more).out;
    };
    CHECK(doctor({"ESIM_AGENT_MODEM_INTERFACE=lo"}).find("Gigastore is reached by lo")
          != std::string::npos);
    CHECK(doctor({"ESIM_AGENT_MODEM_INTERFACE=nosuch0"}).find("there is no interface nosuch0")
          != std::string::npos);
    CHECK(doctor({"ESIM_AGENT_MODEM_INTERFACE=lo", "ESIM_AGENT_DATA_PROGRAM=/nonexistent"})
              .find("/nonexistent is not there")
          != std::string::npos);
}

TEST_CASE("run: an eSIM without data stays enabled, and the way out is said", "[run]")
{
    sandbox outside;
    running_agent agent{outside, awaiting_data(outside, "nosuch0")};
    REQUIRE(agent.says("installed and enabled, but without data"));
    REQUIRE(agent.says("(failed) was accepted"));
    std::string status = outside.device({"status"}).out;
    CHECK(status.find("roaming, not online\n") != std::string::npos);
    CHECK(status.find("not_online") != std::string::npos);
    CHECK(status.find("Check the APN") != std::string::npos);
    auto reports = boost::json::serialize(outside.reports());
    CHECK(reports.find("by nosuch0: ") != std::string::npos);
    CHECK(reports.find("No such device") != std::string::npos);
    CHECK(outside.card().at("profiles").at(0).at("enabled").as_bool());
}
