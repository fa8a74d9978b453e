#include "tests/support/running_agent.hpp"

#include "platform/storage.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <filesystem>

using namespace tests;

namespace {

const char* const all_stages = "fetched downloading installed enabled notified";
const std::string iccid = "89999010000000042007";

/// Until the sink has the report of this stage.
bool arrives(const sandbox& outside, const std::string& stage)
{
    for (int tries = 0; tries < 5'000; ++tries)
        if ((" " + outside.stages() + " ").find(" " + stage + " ") != std::string::npos)
            return true;
    return false;
}

boost::json::value body_of(const std::string& answer)
{
    return boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

/// The matching ID of the customer's code, which must be nowhere.
const std::string matching_id = "K7QX9-2F4M1";

std::string everything_in(const std::string& directory)
{
    std::string out;
    for (const auto& each : std::filesystem::recursive_directory_iterator(directory))
        if (each.is_regular_file())
            out += platform::read_file(each.path()).value();
    return out;
}

}  // namespace

TEST_CASE("run: from an empty card to installed, enabled, on a network, and reported", "[run]")
{
    sandbox outside;
    running_agent agent{outside, {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("plain")}};
    REQUIRE(agent.says("running"));
    REQUIRE(agent.says("notified"));
    REQUIRE(agent.says("(notified) was accepted"));
    REQUIRE(agent.says("installed and enabled"));
    CHECK(outside.stages() == "fetched downloading installed enabled registered notified");
    auto reports = outside.reports();
    CHECK(reports.at("received").as_int64() == 6);
    CHECK(reports.at("rejected").as_int64() == 0);
    CHECK(outside.agent({"customer", "show", outside.uid("plain")}).out.find("INSTALLED")
          != std::string::npos);

    // Everybody is told the same, and nobody the code.
    std::string status = ask_api(outside, "GET", "/v1/status");
    auto now = body_of(status);
    CHECK(now.at("stage").as_string() == "notified");
    CHECK(now.at("modem").at("registration").as_string() == "roaming");
    CHECK(now.at("reports").at("waiting").as_int64() == 0);
    std::string metrics = ask_api(outside, "GET", "/metrics");
    CHECK(metrics.find("esim_agent_stage{stage=\"notified\"} 1") != std::string::npos);
    CHECK(metrics.find("esim_agent_roaming 1") != std::string::npos);
    std::string shown = outside.device({"status"}).out;
    CHECK(shown.find("Stage      notified\n") != std::string::npos);
    CHECK(shown.find("Network    Sandbox Mobile, roaming\n") != std::string::npos);
    std::string told = agent.log() + status + metrics + shown + boost::json::serialize(reports)
                       + everything_in(outside.directory() + "/agent-state");
    CHECK(told.find(matching_id) == std::string::npos);
    CHECK(ask_api(outside, "GET", "/v1/qr.svg").find("<svg") != std::string::npos);
}

TEST_CASE("run: started again when all is done, it installs and reports nothing", "[run]")
{
    sandbox outside;
    auto environment = daemon_for(outside, outside.uid("plain"));
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("(notified) was accepted"));
    }
    CHECK(outside.stages() == all_stages);
    running_agent again{outside, environment};
    REQUIRE(again.says("installed and enabled"));
    CHECK(outside.stages() == all_stages);  // one may have come twice: it was killed
    CHECK(outside.card().at("profiles").as_array().size() == 1);
}

TEST_CASE("run: SIGTERM ends it within two seconds while a server hangs", "[run]")
{
    sandbox outside{{"--fault", "slow"}};
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("asking Gigastore"));
    agent.signal(SIGTERM);
    CHECK(agent.ends(std::chrono::seconds(2)) == 0);
}

TEST_CASE("run: SIGTERM ends it within two seconds while the modem is mute", "[run]")
{
    sandbox outside{{"--fault", "mute+3"}};
    running_agent agent{outside, {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("plain")}};
    REQUIRE(agent.says("looking at the card"));
    agent.signal(SIGTERM);
    CHECK(agent.ends(std::chrono::seconds(2)) == 0);
}

TEST_CASE("run: a second daemon says that one is running", "[run]")
{
    sandbox outside;
    running_agent first{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(first.says("running"));
    running_agent second{outside, daemon_for(outside, outside.uid("plain"))};
    CHECK(second.ends() == 6);
    CHECK(second.log().find("another esim-agent works with") != std::string::npos);
}

TEST_CASE("run: SIGHUP takes a new configuration, and refuses a bad one", "[run]")
{
    sandbox outside;
    auto environment = daemon_for(outside, "");
    running_agent agent{outside, environment};
    REQUIRE(agent.says("no customer is named"));
    agent.mark();
    std::string file = outside.at("deviceConfig");
    std::string good = platform::read_file(file).value();
    platform::write_file(file, "<esim-agent><nonsense/></esim-agent>").value();
    agent.signal(SIGHUP);
    REQUIRE(agent.says("the new configuration is refused, the old one stays"));
    CHECK(ask_api(outside, "POST", "/v1/reload").starts_with("HTTP/1.1 400"));
    auto at = good.find("<control ");
    good.insert(at, "<customer uid=\"" + outside.uid("plain") + "\"/>");
    platform::write_file(file, good).value();
    agent.signal(SIGHUP);
    REQUIRE(agent.says("the configuration is loaded again"));
    CHECK(agent.says("(notified) was accepted"));
}

TEST_CASE("run: a provisioning file is taken once, then wiped", "[run]")
{
    sandbox outside;
    auto environment = daemon_for(outside, "");
    std::string directory = outside.directory() + "/drop";
    environment.push_back("ESIM_AGENT_PROVISION_DIRECTORY=" + directory);
    running_agent agent{outside, environment};
    REQUIRE(agent.says("no customer is named"));
    std::filesystem::create_directory(directory);
    platform::write_file(directory + "/bad.xml", "<esim-provision iccid=\"1\"/>").value();
    REQUIRE(agent.says("provisioning file not taken"));
    CHECK(std::filesystem::exists(directory + "/bad.xml"));
    platform::write_file(
        directory + "/go.xml", "<esim-provision uid=\"" + outside.uid("plain") + "\"/>")
        .value();
    REQUIRE(agent.says("taking the provisioning file"));
    REQUIRE(agent.says("(notified) was accepted"));
    CHECK_FALSE(std::filesystem::exists(directory + "/go.xml"));
    CHECK(outside.stages() == all_stages);
}

TEST_CASE("run: commands borrow the card from the daemon, with the same output", "[run]")
{
    sandbox outside;
    auto environment = daemon_for(outside, outside.uid("plain"));
    program_options over_socket;
    over_socket.environment = environment;
    std::string with_daemon;
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("installed and enabled"));
        REQUIRE(agent.says("(notified) was accepted"));
        agent.mark();
        finished listed = outside.device({"profile", "list"}, over_socket);
        CHECK(listed.status == 0);
        with_daemon = listed.out;
        REQUIRE(agent.says("installed and enabled"));
        // What is disabled by hand stays disabled.
        CHECK(outside.device({"profile", "disable", iccid}, over_socket).status == 0);
        CHECK(agent.says("by hand"));
        agent.mark();
        CHECK(outside.device({"profile", "enable", iccid}, over_socket).status == 0);
        CHECK(agent.says("installed and enabled"));
    }
    CHECK(outside.device({"profile", "list"}, over_socket).out == with_daemon);
}

TEST_CASE("run: the local API enables, disables and deletes, and says what is wrong", "[run]")
{
    sandbox outside;
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("installed and enabled"));
    std::string path = "/v1/profiles/" + iccid;
    CHECK(ask_api(outside, "DELETE", path).starts_with("HTTP/1.1 409"));  // it is enabled
    CHECK(ask_api(outside, "POST", path + "/disable").starts_with("HTTP/1.1 200"));
    REQUIRE(agent.says("by hand"));
    CHECK(ask_api(outside, "DELETE", path).starts_with("HTTP/1.1 200"));
    REQUIRE(arrives(outside, "deleted"));
    CHECK(outside.card().at("profiles").as_array().empty());
    CHECK(ask_api(outside, "POST", path + "/enable").starts_with("HTTP/1.1 404"));
    CHECK(ask_api(outside, "PUT", "/v1/status").starts_with("HTTP/1.1 405"));
    CHECK(ask_api(outside, "GET", "/v1/nothing").starts_with("HTTP/1.1 404"));
    CHECK(ask_api(outside, "POST", "/v1/install", "{oops").starts_with("HTTP/1.1 400"));
    // An order takes up what was deleted by hand.
    agent.mark();
    CHECK(ask_api(outside, "POST", "/v1/install").starts_with("HTTP/1.1 202"));
    REQUIRE(agent.says("installed and enabled"));
    CHECK(outside.card().at("profiles").as_array().size() == 1);
}

TEST_CASE("run: an order that is replaced while its profile is loaded is told to its end", "[run]")
{
    sandbox outside{{"--apdu-delay", "10"}};
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("loading the profile"));
    std::string other = R"({"customerUid":")" + outside.uid("kiosk") + R"("})";
    REQUIRE(ask_api(outside, "POST", "/v1/install", other).starts_with("HTTP/1.1 202"));
    REQUIRE(agent.says("(superseded) was accepted"));
    REQUIRE(agent.says("(notified) was accepted"));
    CHECK(outside.card().at("profiles").as_array().size() == 2);
    CHECK(outside.card().at("notifications").as_array().empty());
    auto told = outside.reports();
    for (const auto& each : told.at("reports").as_array()) {
        const auto& data = each.at("data");
        if (data.at("stage").as_string() != "superseded")
            continue;
        CHECK(data.at("iccid").as_string() == iccid);
        CHECK(data.at("customerUid").as_string() == outside.uid("plain"));
        CHECK(data.at("onCard").as_bool());
        CHECK_FALSE(data.at("enabled").as_bool());
    }
}

TEST_CASE("run: too little balance is reported once, and shown", "[run]")
{
    sandbox outside;
    auto environment = daemon_for(outside, outside.uid("plain"));
    environment.emplace_back("ESIM_AGENT_CUSTOMER_LOW_BALANCE_MEGABYTES=100000");
    {
        running_agent agent{outside, environment};
        REQUIRE(agent.says("(balance-low) was accepted"));
        REQUIRE(agent.says("(notified) was accepted"));
    }
    running_agent again{outside, environment};
    REQUIRE(again.says("installed and enabled"));
    std::string stages = outside.stages();
    auto first = stages.find("balance-low");
    REQUIRE(first != std::string::npos);
    CHECK(stages.find("balance-low", first + 1) == std::string::npos);
    CHECK(outside.device({"status"}).out.find("Balance    ") != std::string::npos);
}

TEST_CASE("status says what the daemon knew last while none runs", "[run]")
{
    sandbox outside;
    finished none = outside.device({"status"});
    CHECK(none.status == 0);
    CHECK(none.out.find("the daemon is not running") != std::string::npos);
    {
        running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
        REQUIRE(agent.says("(notified) was accepted"));
        CHECK(
            outside.device({"--json", "status"}).out.find("\"running\":true") != std::string::npos);
    }
    std::string after = outside.device({"status"}).out;
    CHECK(after.find("eSIM       " + iccid) != std::string::npos);
    CHECK(after.find("Stage      notified") != std::string::npos);
    CHECK(outside.device({"--json", "status"}).out.find("\"running\":false") != std::string::npos);
}
