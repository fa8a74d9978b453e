#include "tests/support/sandbox.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>

using namespace tests;
namespace json = boost::json;

namespace {

const std::string iccid = "89999010000000042007";

}  // namespace

TEST_CASE("euicc tells who the card is", "[euicc]")
{
    sandbox outside;
    CHECK(outside.agent({"euicc", "eid"}).out == "89049032123451234512345678901230\n");
    CHECK(outside.agent({"--json", "euicc", "eid"}).out
          == "{\"eid\":\"89049032123451234512345678901230\"}\n");
    std::string text = outside.agent({"euicc", "info"}).out;
    CHECK(text.find("Memory              512 kB free") != std::string::npos);
    auto document = json::parse(outside.agent({"--json", "euicc", "info"}).out);
    CHECK(document.at("svn").as_string() == "2.3.0");
    CHECK(document.at("freeMemory").as_int64() == 512 * 1024);
    CHECK(document.at("ciKeyIdsForVerification").as_array().size() == 2);
    CHECK(document.at("rootSmdsAddress").as_string() == "lpa.ds.gsma.com");
}

TEST_CASE("profiles are listed, enabled, disabled, renamed and deleted", "[profile]")
{
    sandbox outside;
    CHECK(outside.agent({"profile", "list"}).out == "No profiles are on the card.\n");
    REQUIRE(outside.agent({"install", "--uid", outside.uid("plain"), "--yes"}).status == 0);
    REQUIRE(outside.agent({"install", "--uid", outside.uid("kiosk"), "--yes"}).status == 0);

    auto listed = json::parse(outside.agent({"--json", "profile", "list"}).out).at("profiles");
    REQUIRE(listed.as_array().size() == 2);
    CHECK(listed.at(0).at("state").as_string() == "disabled");  // the new one took its place
    CHECK(listed.at(1).at("state").as_string() == "enabled");

    CHECK(outside.agent({"profile", "enable", iccid}).out
          == "Profile " + iccid + ", 'Worldwide' of Gigastore, is enabled.\n");
    CHECK(outside.agent({"profile", "enable", iccid}).status == 0);
    CHECK(outside.agent({"profile", "rename", iccid, "Uplink"}).status == 0);
    CHECK(outside.agent({"profile", "list"}).out.find(iccid + " enabled   Uplink ")
          != std::string::npos);
    CHECK(outside.agent({"profile", "rename", iccid, std::string(65, 'x')}).status == 2);

    finished enabled = outside.agent({"profile", "delete", iccid, "--yes"});
    CHECK(enabled.status == 6);
    CHECK(enabled.err.find("esim-agent profile disable " + iccid) != std::string::npos);
    CHECK(outside.agent({"profile", "disable", iccid}).status == 0);
    CHECK(outside.agent({"profile", "delete", iccid, "--yes"}).out
          == "Profile " + iccid + ", 'Uplink' of Gigastore, is deleted.\n");
    CHECK(outside.card().at("notifications").as_array().empty());
    finished gone = outside.agent({"profile", "enable", iccid});
    CHECK(gone.status == 3);
    CHECK(gone.err.find("no profile " + iccid + " is on the card") != std::string::npos);
}

TEST_CASE("deleting asks first, and warns", "[profile]")
{
    sandbox outside;
    REQUIRE(outside.agent({"install", "--uid", outside.uid("plain"), "--yes", "--no-enable"}).status
            == 0);
    CHECK(outside.agent({"profile", "delete", iccid}).status == 2);
    program_options options;
    options.columns = 80;
    options.input = "n\n";
    finished done = outside.agent({"profile", "delete", iccid}, options);
    CHECK(done.status == 130);
    CHECK(done.out.find("Gigastore allows five installations of one eSIM") != std::string::npos);
    CHECK(outside.card().at("profiles").as_array().size() == 1);
}

TEST_CASE("notifications that cannot be sent stay on the card, and go later", "[notification]")
{
    sandbox outside;
    outside.fault("503@handleNotification");
    finished done = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"});
    CHECK(done.status == 0);  // the profile works
    CHECK(done.err.find("'esim-agent notification send' tries again.") != std::string::npos);

    std::string listed = outside.agent({"notification", "list"}).out;
    CHECK(listed.find("1      install   " + iccid + " " + outside.at("smdp")) != std::string::npos);
    CHECK(listed.find("2      enable") != std::string::npos);
    finished stuck = outside.agent({"notification", "send"});
    CHECK(stuck.status == 5);
    CHECK(
        stuck.out.find("Notification 1 (install) for " + outside.at("smdp") + " stays on the card.")
        != std::string::npos);

    outside.admin("DELETE", "/faults");
    finished sent = outside.agent({"--json", "notification", "send"});
    CHECK(sent.status == 0);
    auto all = json::parse(sent.out).at("notifications");
    CHECK(all.at(0).at("sequenceNumber").as_int64() == 1);
    CHECK(all.at(1).at("sent").as_bool());
    CHECK(outside.agent({"notification", "list"}).out == "No notifications wait on the card.\n");
    CHECK(outside.order("K7QX9-2F4M1").at("state").as_string() == "installed");
}

TEST_CASE("a notification can be given up, if one says so", "[notification]")
{
    sandbox outside;
    outside.fault("503@handleNotification");
    outside.agent({"install", "--uid", outside.uid("plain"), "--yes", "--no-enable"});
    CHECK(outside.agent({"notification", "remove", "1"}).status == 2);
    CHECK(outside.agent({"notification", "remove", "1", "--yes"}).status == 0);
    finished gone = outside.agent({"notification", "remove", "1", "--yes"});
    CHECK(gone.status == 3);
    CHECK(outside.card().at("notifications").as_array().empty());
}

TEST_CASE("profiles go on the card one after the other until it is full, and that is said",
    "[profile][sweep]")
{
    sandbox outside{{"--customers", "120", "--card-memory", "440000"}};
    int installed = 0;
    finished last;
    for (int i = 0; i < 120; ++i) {
        if (i % 3 == 0)
            continue;  // those are on other devices already
        std::string id = "GEN-" + std::to_string(1'000'000 + i);
        last = outside.over_socket(
            {"install", "--code-file", outside.code_file(id), "--yes", "--no-enable"});
        if (last.status != 0)
            break;
        ++installed;
    }
    CHECK(installed == 36);
    CHECK(last.status == 6);
    CHECK(
        last.err.find("the eUICC has too little memory for this profile (subject 8.1, reason 4.8)")
        != std::string::npos);
    CHECK(last.err.find("Delete a profile that is not needed") != std::string::npos);
    CHECK(outside.card().at("profiles").as_array().size() == 36);
}
