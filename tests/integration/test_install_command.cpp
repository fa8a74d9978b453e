#include "tests/support/sandbox.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>
#include <csignal>
#include <filesystem>

using namespace tests;
namespace json = boost::json;

namespace {

const std::string iccid = "89999010000000042007";
const std::string order = "K7QX9-2F4M1";

std::string state_of(const sandbox& outside, const std::string& sample)
{
    auto shown =
        json::parse(outside.agent({"--json", "customer", "show", outside.uid(sample)}).out);
    return std::string(shown.at("relatedEsims").at(0).at("state").as_string());
}

std::size_t profiles_on(const sandbox& outside)
{
    return outside.card().at("profiles").as_array().size();
}

}  // namespace

TEST_CASE("install puts a customer's eSIM on the card, enables it, and Gigastore shows INSTALLED",
    "[install]")
{
    sandbox outside{{"--modem", GENERATE("usual", "bare-session", "csim-only")}};
    finished done = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"});
    CHECK(done.err.find("Profile 'Worldwide' of Gigastore, ICCID " + iccid + ".\n")
          != std::string::npos);
    CHECK(
        done.out == "Profile " + iccid + ", 'Worldwide' of Gigastore, is installed and enabled.\n");
    REQUIRE(done.status == 0);
    CHECK(state_of(outside, "plain") == "INSTALLED");
    CHECK(outside.card().at("notifications").as_array().empty());
    CHECK(outside.card().at("profiles").at(0).at("enabled").as_bool());
    CHECK(outside.counts().at("handshakes").as_int64() == 1);

    SECTION("run again, it says what is there")
    {
        finished again = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"});
        CHECK(again.status == 0);
        CHECK(again.out
              == "Profile " + iccid
                     + ", 'Worldwide' of Gigastore, is already installed and enabled.\n");
        CHECK(profiles_on(outside) == 1);
        CHECK(outside.counts().at("es9").at("initiateAuthentication").as_int64() == 1);
    }
}

TEST_CASE("install works over a socket, with both curves of SGP.22", "[install]")
{
    sandbox outside{{"--curve", GENERATE("P-256", "brainpoolP256r1")}};
    finished done =
        outside.over_socket({"--json", "install", "--uid", outside.uid("plain"), "--yes"});
    REQUIRE(done.status == 0);
    auto document = json::parse(done.out);
    CHECK(document.at("iccid").as_string() == iccid);
    CHECK(document.at("state").as_string() == "enabled");
    CHECK(document.at("customerUid").as_string() == outside.uid("plain"));
    CHECK_FALSE(document.at("alreadyInstalled").as_bool());
    CHECK(document.at("installNotificationDelivered").as_bool());
    CHECK(document.at("isdpAid").as_string() == "A0000005591010FFFFFFFF8900001100");
    CHECK(state_of(outside, "plain") == "INSTALLED");
}

TEST_CASE("install leaves the profile disabled if asked to, or configured so", "[install]")
{
    sandbox outside;
    program_options options;
    std::vector<std::string> words{"install", "--uid", outside.uid("plain"), "--yes"};
    SECTION("by option")
    {
        words.emplace_back("--no-enable");
    }
    SECTION("by configuration")
    {
        options.environment = {"ESIM_AGENT_MODEM_ENABLE=no"};
    }
    finished done = outside.agent(words, options);
    CHECK(done.out
          == "Profile " + iccid + ", 'Worldwide' of Gigastore, is installed, not enabled.\n");
    CHECK_FALSE(outside.card().at("profiles").at(0).at("enabled").as_bool());
    words.back() = "--yes";
    CHECK(
        outside.agent({"install", "--uid", outside.uid("plain"), "--yes", "--enable"}).out
        == "Profile " + iccid + ", 'Worldwide' of Gigastore, is already installed and enabled.\n");
}

TEST_CASE("a code from a file is enough, and run again it is known what it installed", "[install]")
{
    sandbox outside;
    std::string code = outside.code_file("CCCC-0003");
    CHECK(outside.agent({"install", "--code-file", code, "--yes"}).status == 0);
    finished again = outside.agent({"install", "--code-file", code, "--yes"});
    CHECK(again.status == 0);
    CHECK(again.out.find("is already installed and enabled") != std::string::npos);
    std::filesystem::remove_all(outside.directory() + "/agent-state");
    finished forgotten = outside.agent({"install", "--code-file", code, "--yes"});
    CHECK(forgotten.status == 7);  // without the journal only the SM-DP+ knows, and says "used"
    CHECK(forgotten.err.find("subject 8.2.6, reason 3.8") != std::string::npos);
    CHECK(forgotten.err.find("It may be on this card already") != std::string::npos);
    CHECK(profiles_on(outside) == 1);
}

TEST_CASE("install asks at a terminal, shows progress, and takes no for an answer", "[install]")
{
    sandbox outside;
    std::vector<std::string> words{"install", "--uid", outside.uid("plain")};
    auto answered = [&](const std::string& answer) {
        program_options options;
        options.columns = 80;
        options.input = answer;
        return outside.agent(words, options);
    };
    SECTION("no leaves the code as it was")
    {
        finished done = answered("n\n");
        CHECK(done.status == 130);
        CHECK(unwrapped(done.out).find("not installed; the code can still be used")
              != std::string::npos);
        CHECK(outside.order(order).at("state").as_string() == "released");
        CHECK(outside.order(order).at("cancelReason").as_int64() == 1);
        CHECK(profiles_on(outside) == 0);
    }
    SECTION("never gives the order back, and says so")
    {
        finished done = answered("never\n");
        CHECK(done.status == 130);
        CHECK(unwrapped(done.out).find("its code is used up") != std::string::npos);
        CHECK(outside.order(order).at("state").as_string() == "error");
        CHECK(outside.order(order).at("cancelReason").as_int64() == 0);
    }
    SECTION("yes installs, with a bar")
    {
        finished done = answered("y\n");
        CHECK(done.status == 0);
        CHECK(done.out.find("% loading the profile") != std::string::npos);
        CHECK(done.out.find("[=====") != std::string::npos);
        CHECK(profiles_on(outside) == 1);
    }
}

TEST_CASE("without a terminal and --yes nothing is begun", "[install]")
{
    sandbox outside;
    finished done = outside.agent({"install", "--uid", outside.uid("plain")});
    CHECK(done.status == 2);
    CHECK(done.err.find("Scripts say --yes") != std::string::npos);
    CHECK(outside.counts().at("apdus").as_int64() == 0);
}

TEST_CASE("a confirmation code is taken from a file when the SM-DP+ wants one", "[install]")
{
    sandbox outside;
    std::string code = outside.code_file("BBBB-0002-NEW");
    auto with_code = [&](const std::string& text) {
        temporary_directory files;
        return outside.agent({"install", "--code-file", code, "--yes", "--confirmation-code-file",
            files.write("cc", text)});
    };
    SECTION("right")
    {
        CHECK(with_code("1234\n").status == 0);
        CHECK(profiles_on(outside) == 1);
    }
    SECTION("missing")
    {
        finished done = outside.agent({"install", "--code-file", code, "--yes"});
        CHECK(done.status == 8);
        CHECK(done.err.find("--confirmation-code-file FILE") != std::string::npos);
        CHECK(outside.order("BBBB-0002-NEW").at("state").as_string() == "released");
    }
    SECTION("wrong, then right")
    {
        finished done = with_code("9999");
        CHECK(done.status == 8);
        CHECK(done.err.find("is wrong") != std::string::npos);
        CHECK(outside.order("BBBB-0002-NEW").at("wrongCodes").as_int64() == 1);
        CHECK(with_code("1234").status == 0);
    }
    SECTION("wrong until the order ends")
    {
        CHECK(with_code("9999").status == 8);
        CHECK(with_code("9999").status == 8);
        finished done = with_code("9999");
        CHECK(done.status == 7);
        CHECK(done.err.find("too many wrong confirmation codes") != std::string::npos);
    }
}

TEST_CASE("a confirmation code is asked for three times at most, and not shown", "[install]")
{
    sandbox outside;
    outside.admin("POST", "/orders/BBBB-0002-NEW", R"({"wrongCodes":-10})");
    std::string code = outside.code_file("BBBB-0002-NEW", "$$1");
    auto typed = [&](std::vector<std::string> all) {
        program_options options;
        options.columns = 80;
        for (const std::string& each : all)
            options.answers.emplace_back("Confirmation code: ", each + "\n");
        return outside.agent({"install", "--code-file", code, "--yes"}, options);
    };
    finished wrong = typed({"1111", "2222", "3333"});
    CHECK(wrong.status == 8);
    CHECK(wrong.out.find("It is wrong; 2 tries are left.") != std::string::npos);
    CHECK(wrong.out.find("It is wrong; 1 try is left.") != std::string::npos);
    CHECK(wrong.out.find("2222") == std::string::npos);
    CHECK(outside.order("BBBB-0002-NEW").at("wrongCodes").as_int64() == -7);
    finished right = typed({"1111", "1234"});
    CHECK(right.status == 0);
    CHECK(profiles_on(outside) == 1);
}

TEST_CASE(
    "a code that says that it needs a confirmation code is not begun without one", "[install]")
{
    sandbox outside;
    finished done = outside.agent(
        {"install", "--code-file", outside.code_file("BBBB-0002-NEW", "$$1"), "--yes"});
    CHECK(done.status == 8);
    CHECK(outside.counts().at("es9").as_object().empty());
}

TEST_CASE("policy rules are shown, and only installed if the card allows them", "[install]")
{
    sandbox outside;
    std::string code = outside.code_file("CCCC-0003");
    std::vector<std::string> words{"install", "--code-file", code, "--yes"};
    SECTION("a profile that cannot be deleted, as the card allows")
    {
        outside.admin("POST", "/orders/CCCC-0003", R"({"policyRules":"0520"})");
        finished done = outside.agent(words);
        CHECK(done.status == 0);
        CHECK(done.err.find("It cannot be deleted (policy rule 2).") != std::string::npos);
        outside.agent({"profile", "disable", "89999010000000042254"});
        finished removed = outside.agent({"profile", "delete", "89999010000000042254", "--yes"});
        CHECK(removed.status == 7);
        CHECK(removed.err.find("a policy rule of the profile forbids it (3)") != std::string::npos);
    }
    SECTION("a profile that cannot be disabled, of an operator that may not demand it")
    {
        outside.admin("POST", "/orders/CCCC-0003", R"({"policyRules":"0640","mccMnc":"62F210"})");
        finished done = outside.agent(words);
        CHECK(done.status == 7);
        CHECK(profiles_on(outside) == 0);
        CHECK(outside.order("CCCC-0003").at("cancelReason").as_int64() == 3);
    }
    SECTION("a profile that cannot be disabled, beside another one")
    {
        outside.agent({"install", "--uid", outside.uid("plain"), "--yes"});
        outside.admin("POST", "/orders/CCCC-0003", R"({"policyRules":"0640","mccMnc":"00F110"})");
        CHECK(outside.agent(words).status == 7);
        CHECK(profiles_on(outside) == 1);
    }
}

TEST_CASE("an OID in the code must be the one in the SM-DP+'s certificate", "[install]")
{
    sandbox outside;
    finished wrong = outside.agent(
        {"install", "--code-file", outside.code_file("CCCC-0003", "$2.999.11"), "--yes"});
    CHECK(wrong.status == 7);
    CHECK(wrong.err.find("certificate is for OID '2.999.10', and the code says '2.999.11'")
          != std::string::npos);
    CHECK(
        outside
            .agent({"install", "--code-file", outside.code_file("CCCC-0003", "$2.999.10"), "--yes"})
            .status
        == 0);
}

TEST_CASE("the profile on the card counts, whatever the SM-DP+ offers", "[install]")
{
    sandbox outside;
    CHECK(outside.agent({"install", "--uid", outside.uid("plain"), "--yes", "--no-enable"}).status
          == 0);
    std::filesystem::remove_all(outside.directory() + "/agent-state");
    outside.admin("POST", "/orders/" + order, R"({"state":"released"})");
    finished done = outside.agent({"install", "--code-file", outside.code_file(order), "--yes"});
    CHECK(done.status == 0);
    CHECK(done.out.find("is already installed") != std::string::npos);
    CHECK(profiles_on(outside) == 1);
    CHECK(outside.order(order).at("cancelReason").as_int64() == 1);
    CHECK(outside.counts().at("es9").at("getBoundProfilePackage").as_int64() == 1);
}

TEST_CASE("an SM-DP+ that cannot prove who it is gets nothing", "[install]")
{
    auto [shown, words] = GENERATE(
        table<std::string, std::string>({{"unknown-ca", "which this device does not trust"},
            {"wrong-host", "other.example"}, {"expired", "was valid until"}}));
    sandbox outside{{"--smdp-certificate", shown}};
    finished done = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"});
    CAPTURE(done.err);
    CHECK(done.status == 5);
    CHECK(done.err.find(words) != std::string::npos);
    CHECK(outside.counts().at("es9").as_object().empty());
}

TEST_CASE("two agents never use one card at once: the second says who holds it", "[install]")
{
    sandbox outside{{"--apdu-delay", "20"}};
    std::string modem = GENERATE("at", "socket");
    std::string device = modem == "at" ? outside.at("modem") : outside.at("cardSocket");
    std::string code = outside.code_file("CCCC-0003");
    background_program first{
        {"env", "ESIM_AGENT_MODEM_CHANNEL=" + modem, "ESIM_AGENT_MODEM_DEVICE=" + device, "sh",
            "-c", "echo begun; exec \"$0\" \"$@\"", built("esim-agent"), "--config",
            outside.at("config"), "install", "--code-file", code, "--yes"}};
    // The first one has the card once it has sent an APDU.
    for (int i = 0; i < 10'000 && outside.counts().at("apdus").as_int64() == 0; ++i) {
    }
    program_options options;
    options.environment = {
        "ESIM_AGENT_MODEM_CHANNEL=" + modem, "ESIM_AGENT_MODEM_DEVICE=" + device};
    finished second = outside.agent({"profile", "list"}, options);
    CHECK(second.status == 6);
    CHECK(second.err.find("is held by esim-agent (process " + std::to_string(first.pid()) + ")")
          != std::string::npos);
}

TEST_CASE("without a modem in the configuration it says what to add", "[install]")
{
    sandbox outside;
    program_options options;
    options.environment = {"ESIM_AGENT_MODEM_CHANNEL=", "ESIM_AGENT_MODEM_DEVICE="};
    finished done = outside.agent({"euicc", "eid"}, options);
    CHECK(done.status == 2);
    CHECK(done.err.find("Put <modem/> into agent.xml") != std::string::npos);
}

TEST_CASE("a state directory that cannot be written does not stop an installation", "[install]")
{
    sandbox outside;
    program_options options;
    options.environment = {"ESIM_AGENT_STATE_DIRECTORY=/proc/nowhere"};
    finished done = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"}, options);
    CHECK(done.status == 0);
    CHECK(done.err.find("cannot be written down") != std::string::npos);
}

TEST_CASE("Ctrl-C before the profile is loaded leaves the code usable, and says so", "[install]")
{
    std::string channel = GENERATE("at", "socket");
    sandbox outside{{"--apdu-delay", "20"}};
    program_options options;
    options.environment = {"ESIM_AGENT_MODEM_CHANNEL=" + channel,
        "ESIM_AGENT_MODEM_DEVICE=" + outside.at(channel == "at" ? "modem" : "cardSocket")};
    std::vector<std::string> words{"install", "--uid", outside.uid("plain"), "--yes"};
    SECTION("while the card works")
    {
        options.interrupt_at = "fetching the profile";
    }
    SECTION("while the package comes")
    {
        outside.fault("drip@getBoundProfilePackage");
        options.interrupt_at = "fetching the profile";
        options.interrupt_after_ms = 500;
    }
    finished done = outside.agent(words, options);
    CAPTURE(done.err);
    CHECK(done.status == 130);
    CHECK(done.err.find("Nothing was installed, and the code can still be used")
          != std::string::npos);
    CHECK(profiles_on(outside) == 0);
    CHECK(outside.order(order).at("cancelReason").as_int64() == 1);
    outside.admin("DELETE", "/faults");
    outside.admin("POST", "/card/delay/0");
    CHECK(outside.agent(words).status == 0);
    CHECK(outside.order(order).at("installations").as_int64() == 1);
}

TEST_CASE(
    "Ctrl-C while the profile is loaded ends with 9, and the same command goes on", "[install]")
{
    sandbox outside{{"--apdu-delay", "20"}};
    program_options options;
    options.interrupt_at = "loading the profile";
    std::vector<std::string> words{"install", "--uid", outside.uid("plain"), "--yes"};
    finished done = outside.agent(words, options);
    CHECK(done.status == 9);
    CHECK(done.err.find("interrupted while the profile was written to the card")
          != std::string::npos);
    outside.admin("POST", "/card/delay/0");
    CHECK(outside.agent(words).status == 0);
    CHECK(outside.order(order).at("installations").as_int64() == 1);
}

TEST_CASE("a terminal that hangs up is an interruption like others", "[install]")
{
    sandbox outside{{"--apdu-delay", "20"}};
    program_options options;
    options.interrupt_at = "fetching the profile";
    options.interrupt_with = GENERATE(SIGHUP, SIGTERM, SIGQUIT);
    finished done = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"}, options);
    CHECK(done.status == 130);
    CHECK(outside.order(order).at("cancelReason").as_int64() == 1);
}

TEST_CASE("a reader of the progress that goes away does not stop the card", "[install]")
{
    sandbox outside;
    run_program({"sh", "-c",
        built("esim-agent") + " --config " + outside.at("config") + " install --yes --uid "
            + outside.uid("plain") + " 2>&1 | head -n 1"});
    CHECK(profiles_on(outside) == 1);
}

TEST_CASE("an answer that was garbled on the way does not use up the code", "[install]")
{
    sandbox outside;
    std::vector<std::string> words{"install", "--uid", outside.uid("plain"), "--yes"};
    std::string function = GENERATE("authenticateClient", "getBoundProfilePackage");
    outside.fault("not-json*1@" + function);
    CHECK(outside.agent(words).status == 5);
    CHECK(outside.agent(words).status == 0);
    CHECK(outside.order(order).at("installations").as_int64() == 1);
}

TEST_CASE("an answer to enabling that was lost is found out on the card", "[install]")
{
    sandbox outside;
    outside.fault("removed*1@/BF31");
    finished done = outside.over_socket({"install", "--uid", outside.uid("plain"), "--yes"});
    CHECK(done.status == 6);  // taken out before it could
    CHECK(done.err.find("the profile is installed; enabling it") != std::string::npos);
    CHECK(done.err.find("Run the same command again") != std::string::npos);
    CHECK(outside.over_socket({"install", "--uid", outside.uid("plain"), "--yes"}).status == 0);
}

TEST_CASE("a person's phone that scanned the QR makes the eSIM INSTALLED, and RELEASED again",
    "[install]")
{
    sandbox outside;
    std::string code = outside.code_file("CCCC-0003");
    auto phone = [&](std::vector<std::string> more) {
        std::vector<std::string> words{
            built("esim-sandbox"), "phone", code, "--state", outside.directory()};
        words.insert(words.end(), more.begin(), more.end());
        return run_program(words);
    };
    CHECK(phone({}).status == 0);
    CHECK(state_of(outside, "kiosk") == "INSTALLED");
    finished taken = outside.agent({"install", "--code-file", code, "--yes"});
    CHECK(taken.status == 7);
    CHECK(phone({"--delete"}).status == 0);
    CHECK(state_of(outside, "kiosk") == "RELEASED");
    CHECK(outside.agent({"install", "--code-file", code, "--yes"}).status == 0);
}

TEST_CASE("the sixth installation of an eSIM is refused", "[install]")
{
    sandbox outside;
    for (int i = 0; i < 5; ++i) {
        CHECK(
            outside.agent({"install", "--uid", outside.uid("plain"), "--yes", "--no-enable"}).status
            == 0);
        CHECK(outside.agent({"profile", "delete", iccid, "--yes"}).status == 0);
        CHECK(state_of(outside, "plain") == "RELEASED");
    }
    finished sixth = outside.agent({"install", "--uid", outside.uid("plain"), "--yes"});
    CHECK(sixth.status == 7);
    CHECK(sixth.err.find("tried too often (subject 8.8.5, reason 6.4)") != std::string::npos);
}
