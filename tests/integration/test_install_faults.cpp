#include "tests/support/sandbox.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/serialize.hpp>

using namespace tests;

namespace {

const std::string order = "CCCC-0003";

struct faulty {
    const char* fault;
    int status;
    const char* words;   // of the error
    const char* advice;  // what to do
};

// Every fault of the SM-DP+ and the card, with what the user is told.
const faulty table[] = {
    {"bad-signature1", 7, "the SM-DP+'s signature is invalid (2)", "Nothing was installed."},
    {"bad-signature2", 7, "preparing the download: the SM-DP+'s signature is invalid (2)",
        "Nothing was installed."},
    {"bad-signature3", 7, "setting up the secure channel: an invalid signature (2)",
        "Try once more; if it fails again"},
    {"wrong-challenge", 7, "answered another challenge than the card's", "Nothing was installed."},
    {"wrong-transaction", 7, "signed another transaction than it names", "Nothing was installed."},
    {"wrong-address", 7, "says that its address is 'elsewhere.example'", "Nothing was installed."},
    {"unknown-ci", 7, "a certificate issuer (CI) that this card does not have", "do not fit"},
    {"bad-mac", 7, "a package that was damaged or forged (SCP03t security) (8)",
        "Try once more; if it fails again"},
    {"truncated-package", 7, "a profile element the card cannot process (12)",
        "Try once more; if it fails again"},
    {"other-iccid", 7, "the ICCID in the package differs from the one announced (13)",
        "Try once more; if it fails again"},
    {"no-memory", 6, "too little memory on the card (10)", "Delete a profile"},
    {"bad-card-signature", 7, "does not accept the eUICC's signature (subject 8.1, reason 6.1)",
        "do not fit"},
    {"cat-busy", 6,
        "the profile is installed; enabling it: the card, enabling the profile: the card "
        "is busy",
        "Enable it later: 'esim-agent profile enable 89999010000000042254'."},
    {"6f00@BF38", 6, "status word 6F00, card fault without a reason", "reset the modem"},
    {"6f00@BF36", 7, "the card refused a part of the package: status word 6F00", "Try once more"},
    {"removed@BF36", 6, "the card was removed or reset (while the profile was written",
        "The profile is not on the card."},
    {"removed@BF38", 6, "the card was removed or reset", "Put it back"},
    {"500@es9plus", 5, "HTTP 500", "Try again in a few minutes."},
    {"503@authenticateClient", 5, "HTTP 503", "Try again in a few minutes."},
    {"not-json@es9plus", 5, "it is not JSON, or was cut off", "tell the seller"},
    {"wrong-json@es9plus", 5, "no functionExecutionStatus in it", "tell the seller"},
    {"empty@authenticateClient", 5, "it is not JSON, or was cut off", "tell the seller"},
    {"html@es9plus", 5, "a login page of the local network", "a login page, a proxy?"},
    {"cut@authenticateClient", 5, "cut in the middle of the answer", "Check the network"},
    {"drop@getBoundProfilePackage", 5, "no connection", "Check the network"},
    {"drop-after@getBoundProfilePackage", 5, "no connection", "Check the network"},
    {"huge@authenticateClient", 5, "larger", ""},
};

}  // namespace

TEST_CASE("each fault of SM-DP+ and card ends with its exit status, words and advice; and without "
          "it the same command succeeds",
    "[install]")
{
    sandbox outside;
    std::string code = outside.code_file(order);
    std::vector<std::string> words{"install", "--code-file", code, "--yes"};
    for (const faulty& each : table) {
        outside.start_over(order);
        outside.admin("POST", "/faults", each.fault);
        finished done = outside.over_socket(words);
        CAPTURE(each.fault, done.err);
        CHECK(done.status == each.status);
        CHECK(done.err.find(each.words) != std::string::npos);
        CHECK(done.err.find(each.advice) != std::string::npos);
        outside.admin("DELETE", "/faults");
        finished again = outside.over_socket(words);
        CAPTURE(again.err);
        // A card that refuses a part of the package ends the order (SGP.22, 3.1.3.2).
        bool ends_order = std::string(each.fault) == "6f00@BF36";
        CHECK(again.status == (ends_order ? 7 : 0));
        if (ends_order) {
            constexpr int load_error = 5;
            CHECK(outside.order(order).at("cancelReason").as_int64() == load_error);
            continue;
        }
        CHECK(outside.card().at("profiles").as_array().size() == 1);
        CHECK(outside.card().at("notifications").as_array().empty());
        CHECK(outside.order(order).at("installations").as_int64() == 1);
    }
}

TEST_CASE("each refusal of the SM-DP+ says what to do", "[install]")
{
    sandbox outside;
    std::string code = outside.code_file(order);
    auto [subject, reason, status, advice] =
        GENERATE(Catch::Generators::table<std::string, std::string, int, std::string>(
            {{"8.2.6", "3.8", 7, "Ask the seller for a new code"},
                {"8.8.5", "4.10", 7, "Ask the seller for a new code"},
                {"8.1.1", "3.8", 7, "Ask the seller for a new code"},
                {"8.2.5", "4.3", 7, "Ask the seller for a profile for this device"},
                {"8.2", "1.2", 5, "Try again later"},
                {"8.2.7", "2.2", 8, "--confirmation-code-file"},
                {"8.1", "4.8", 6, "Delete a profile that is not needed"},
                {"8.10.1", "3.9", 5, "Try again; the code can still be used."},
                {"8.99", "9.9", 5, "Try again in a few minutes"}}));
    boost::json::object fields{{"subjectCode", subject}, {"reasonCode", reason}};
    outside.admin("POST", "/orders/" + order, boost::json::serialize(fields));
    finished done = outside.over_socket({"install", "--code-file", code, "--yes"});
    CAPTURE(subject, reason, done.err);
    CHECK(done.status == status);
    CHECK(done.err.find("(subject " + subject + ", reason " + reason + "): \"as set\"")
          != std::string::npos);
    CHECK(done.err.find(advice) != std::string::npos);
}

TEST_CASE("a card that takes no more than 120 octets at once is served so", "[install]")
{
    sandbox outside;
    outside.fault("short-lc");
    CHECK(outside.over_socket({"install", "--code-file", outside.code_file(order), "--yes"}).status
          == 0);
}

TEST_CASE("a card that is busy once is asked again", "[install]")
{
    sandbox outside;
    outside.fault("cat-busy*1");
    CHECK(outside.over_socket({"install", "--code-file", outside.code_file(order), "--yes"}).status
          == 0);
}

TEST_CASE("a modem that refuses or falls silent is told apart, in time", "[install]")
{
    sandbox outside;
    std::string code = outside.code_file(order);
    SECTION("an error on AT+CCHO means no eUICC")
    {
        outside.fault("cme-error");
        finished done = outside.agent({"install", "--code-file", code, "--yes"});
        CHECK(done.status == 6);
        CHECK(done.err.find("no eUICC found (AT+CCHO: SIM failure (+CME ERROR: 13))")
              != std::string::npos);
    }
    SECTION("a mute modem ends at the limit")
    {
        outside.fault("mute");
        finished done = outside.agent({"euicc", "eid"});
        CHECK(done.status == 6);
        CHECK(done.err.find("no answer within the time limit") != std::string::npos);
        CHECK(done.err.find("Reset the modem") != std::string::npos);
    }
}
