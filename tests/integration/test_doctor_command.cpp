#include "platform/storage.hpp"
#include "tests/support/running_agent.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>

using namespace tests;

namespace {

finished doctor(const sandbox& outside, const std::vector<std::string>& environment,
    std::vector<std::string> words = {})
{
    program_options options;
    options.environment = {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("plain"),
        "ESIM_AGENT_MODEM_CHANNEL=socket", "ESIM_AGENT_MODEM_DEVICE=" + outside.at("cardSocket")};
    for (const std::string& each : environment)
        options.environment.push_back(each);
    words.insert(words.begin(), "doctor");
    return outside.device(words, options);
}

/// What is to be fixed first; "" if nothing is.
std::string first_of(const finished& told)
{
    std::string begin = "Fix this first: ";
    auto at = told.out.find(begin);
    if (at == std::string::npos)
        return "";
    at += begin.size();
    return told.out.substr(at, told.out.find('.', at) - at);
}

}  // namespace

TEST_CASE("doctor finds nothing wrong with a healthy device", "[doctor]")
{
    sandbox outside;
    finished told = doctor(outside, {});
    INFO(told.out);
    CHECK(told.status == 0);
    CHECK(told.out.find("All is well.") != std::string::npos);
    for (const char* each :
        {"configuration", "files", "clock", "DNS", "proxy", "TLS", "credentials", "SM-DP+", "modem",
            "eUICC", "notifications", "daemon", "reports", "disk"})
        CHECK(told.out.find("\n" + std::string(each) + " ") + told.out.starts_with(each)
              != std::string::npos);
}

TEST_CASE("doctor names the broken thing first, with the exit status of its kind", "[doctor]")
{
    sandbox outside;
    std::string wrong_token = outside.directory() + "/wrong-token";
    REQUIRE(platform::write_file(wrong_token, "not the token\n"));
    struct {
        std::string broken;
        std::string first;
        int status;
    } const all[] = {
        {"ESIM_AGENT_LOG_LEVEL=loud", "configuration", 2},
        {"ESIM_AGENT_BEARER_FILE=", "configuration", 2},
        {"ESIM_AGENT_BEARER_FILE=/nowhere", "files", 2},
        {"ESIM_AGENT_GIGASTORE_URL=https://nowhere.invalid", "DNS", 5},
        {"ESIM_AGENT_PROXY_URL=http://127.0.0.1:1", "proxy", 5},
        {"ESIM_AGENT_CA_FILE=", "TLS", 5},
        {"ESIM_AGENT_BEARER_FILE=" + wrong_token, "credentials", 4},
        {"ESIM_AGENT_CUSTOMER_UID=nobody", "credentials", 3},
        {"ESIM_AGENT_LPA_CA_FILE=", "SM-DP+", 5},
        {"ESIM_AGENT_MODEM_DEVICE=/nowhere", "modem", 6},
    };
    for (const auto& each : all) {
        finished told = doctor(outside, {each.broken});
        INFO(each.broken << "\n" << told.out << told.err);
        CHECK(first_of(told) == each.first);
        CHECK(told.status == each.status);
        CHECK(told.out.find("-> ") != std::string::npos);
    }
}

TEST_CASE("doctor says when the clock cannot be right", "[doctor]")
{
    sandbox outside;
    finished told = doctor(
        outside, {"LD_PRELOAD=" ESIM_FAKETIME_LIBRARY, "FAKETIME=@1999-01-01 00:00:00",
                     "FAKETIME_DONT_FAKE_MONOTONIC=1", "ASAN_OPTIONS=verify_asan_link_order=0"});
    INFO(told.out);
    CHECK(told.status == 0);
    CHECK(told.out.find("warning  it says 1999-01-01") != std::string::npos);
    CHECK(told.out.find("certificates are checked as of 20") != std::string::npos);
}

TEST_CASE("doctor finds a card that does not answer, and a full one", "[doctor]")
{
    {
        sandbox outside;
        outside.fault("removed");
        finished told = doctor(outside, {});
        INFO(told.out);
        CHECK(first_of(told) == "eUICC");
        CHECK(told.status == 6);
    }
    sandbox small{{"--card-memory", "20000"}};
    CHECK(doctor(small, {}).out.find("delete one") != std::string::npos);
}

TEST_CASE("doctor gives no advice that breaks a device, and knows what cannot be made", "[doctor]")
{
    sandbox outside;
    finished told = doctor(outside, {"ESIM_AGENT_STATE_DIRECTORY=/var/lib"});
    INFO(told.out);
    CHECK(told.out.find("chmod 700 /var/lib") == std::string::npos);
    CHECK(told.out.find("a directory of its own") != std::string::npos);
    CHECK(first_of(doctor(outside, {"ESIM_AGENT_STATE_DIRECTORY=/proc/esim-agent"})) == "disk");
}

TEST_CASE("doctor writes a bundle also where the configuration is broken", "[doctor]")
{
    sandbox outside;
    std::string bundle = outside.directory() + "/bundle.json";
    finished told = doctor(outside, {"ESIM_AGENT_LOG_LEVEL=loud"}, {"--bundle", bundle});
    CHECK(told.status == 2);
    auto document = boost::json::parse(platform::read_file(bundle).value()).as_object();
    CHECK_FALSE(document.at("doctor").at("healthy").as_bool());
    CHECK(document.at("system").as_object().contains("kernel"));
    CHECK(document.size() == 2);
}

TEST_CASE("doctor warns of a reseller's secret on a device that installs by itself", "[doctor]")
{
    sandbox outside;
    program_options options;
    options.environment = {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("plain")};
    finished told = outside.over_socket({"doctor"}, options);
    CHECK(told.status == 0);
    CHECK(told.out.find("a reseller's client id and secret") != std::string::npos);
}

TEST_CASE("doctor tries each destination of reports, and fits the terminal", "[doctor]")
{
    sandbox outside;
    finished told = outside.device({"doctor"}, {.columns = 80});
    CHECK(told.out.find("destination     ok       webhook localhost:") != std::string::npos);
    for (std::size_t at = 0; at < told.out.size();) {
        auto end = std::min(told.out.find('\n', at), told.out.size());
        CHECK(end - at <= 80);
        at = end + 1;
    }
}

TEST_CASE("doctor tells as JSON what it tells in words", "[doctor]")
{
    sandbox outside;
    finished told = doctor(outside, {}, {"--json"});
    auto document = boost::json::parse(told.out);
    CHECK(document.at("healthy").as_bool());
    CHECK(document.at("first").is_null());
    CHECK(document.at("checks").as_array().size() == 15);
    finished broken = doctor(outside, {"ESIM_AGENT_LOG_LEVEL=loud"}, {"--json"});
    CHECK(boost::json::parse(broken.out).at("first").as_string() == "configuration");
}

TEST_CASE("doctor's bundle is one JSON document without any secret", "[doctor]")
{
    sandbox outside;
    std::string bundle = outside.directory() + "/bundle.json";
    auto environment = daemon_for(outside, outside.uid("plain"));
    running_agent agent{outside, environment};
    REQUIRE(agent.says("installed and enabled"));
    finished told = doctor(outside, {}, {"--bundle", bundle});
    INFO(told.out << told.err);
    CHECK(told.status == 0);
    std::string archive = platform::read_file(bundle).value();
    auto document = boost::json::parse(archive).as_object();
    CHECK(document.at("doctor").at("healthy").as_bool());
    CHECK(document.at("status").at("stage").is_string());
    CHECK(document.at("memory").at("reported").is_array());
    CHECK(archive.find("info: installed and enabled") != std::string::npos);  // from the log
    CHECK(archive.find(outside.uid("plain")) != std::string::npos);
    CHECK(archive.find("K7QX9") == std::string::npos);
    for (const char* file : {"client-id", "client-secret", "device-token", "webhook-secret"}) {
        auto secret = platform::read_secret_file(outside.directory() + "/" + file);
        INFO(file);
        CHECK(archive.find(secret.value().reveal()) == std::string::npos);
    }
}
