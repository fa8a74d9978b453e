#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace tests;

namespace {

/// What steers a terminal, hides, or turns text: none of it may come out raw.
const std::string steering[] = {
    "\x1b", "\x07", "\r", "\xc2\x9b", "\u202e", "\u200b", "\u2028", "\ufeff"};

void check_tame(const std::string& what, const finished& done)
{
    for (const std::string& each : steering) {
        INFO(what);
        CHECK(done.out.find(each) == std::string::npos);
        CHECK(done.err.find(each) == std::string::npos);
    }
    // No word from outside begins a line of its own.
    CHECK(done.out.find("\nevil") == std::string::npos);
    CHECK(done.err.find("\nevil") == std::string::npos);
}

}  // namespace

TEST_CASE("no word from Gigastore steers the terminal, whatever the command", "[hostile]")
{
    sandbox outside;
    auto say = [&outside](std::vector<std::string> words) {
        outside.fault("hostile");
        std::string what;
        for (const std::string& each : words)
            what += each + " ";
        finished done = outside.agent(words);
        check_tame(what, done);
        words.insert(words.begin(), "--json");
        outside.fault("hostile");
        finished json = outside.agent(std::move(words));
        check_tame("--json " + what, json);
        boost::system::error_code ec;
        if (!json.out.empty())
            boost::json::parse(json.out, ec);
        CHECK(!ec);
    };
    for (const char* sample : {"plain", "several", "ambiguous", "error", "none", "badcode"}) {
        say({"qr", "--uid", outside.uid(sample), "--format", "utf8"});
        say({"customer", "show", outside.uid(sample)});
    }
    say({"customer", "list"});
    say({"customer", "search", "--email", "a"});
    say({"package", "list"});
    say({"doctor"});
    say({"status"});
    say({"report", "list"});
}

TEST_CASE("no word of the SM-DP+ or the card steers the terminal", "[hostile][install]")
{
    sandbox outside;
    const std::string name = "\x1b]0;owned\x07\x1b[31m\rX\nevil\u202e";
    boost::json::object fields{{"profileName", name}};
    outside.admin("POST", "/orders/CCCC-0003", boost::json::serialize(fields));
    std::string code = outside.code_file("CCCC-0003");
    for (const auto& words : {std::vector<std::string>{"install", "--code-file", code, "--yes"},
             {"profile", "list"}, {"euicc", "info"}, {"notification", "list"}, {"doctor"}})
        check_tame(words.front(), outside.agent(words));
    outside.fault("hostile@es9plus");
    check_tame("a refusal", outside.agent({"install", "--code-file", code, "--yes"}));
}

TEST_CASE("no word that the card or the modem makes up steers the terminal", "[hostile][install]")
{
    sandbox outside;
    outside.fault("hostile@/card");
    std::string code = outside.code_file("CCCC-0003");
    auto say = [&outside](const std::vector<std::string>& words) {
        std::string what;
        for (const std::string& each : words)
            what += each + " ";
        check_tame(what, outside.agent(words));
        std::vector<std::string> with_json = words;
        with_json.insert(with_json.begin(), "--json");
        check_tame("--json " + what, outside.agent(with_json));
    };
    const std::string iccid = "89999010000000042254";
    for (const auto& words : {std::vector<std::string>{"install", "--code-file", code, "--yes"},
             {"profile", "list"}, {"profile", "disable", iccid}, {"profile", "rename", iccid, "X"},
             {"euicc", "info"}, {"notification", "list"}, {"notification", "send"}, {"doctor"},
             {"profile", "delete", iccid, "--yes"}})
        say(words);
    CHECK(outside.card().at("notifications").as_array().size() > 0);
    outside.admin("POST", "/faults", "cme-error");
    for (const auto& words : {std::vector<std::string>{"euicc", "info"}, {"profile", "list"},
             {"install", "--code-file", code, "--yes"}, {"doctor"}})
        say(words);
}
