#include "agent/provision/desired.hpp"

#include "agent/provision/status.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/serialize.hpp>

using namespace agent;
using namespace agent::provision;

namespace {

constexpr const char* uid = "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0001";

std::string why_not(const std::string& text)
{
    auto read = parse_desired(text);
    return read ? "taken" : read.error().detail();
}

}  // namespace

TEST_CASE("an order from afar names a customer, an eSIM if need be, and its version", "[desired]")
{
    auto read = parse_desired(R"({"version":7,"customerUid":")" + std::string(uid) + R"("})");
    REQUIRE(read);
    CHECK(read->version == 7);
    CHECK(read->what.customer_uid == uid);
    CHECK(read->what.named.empty());
    read = parse_desired(
        R"({"iccid":"89999010000000042007","version":9007199254740992,"customerUid":"C1"})");
    REQUIRE(read);
    CHECK(read->version == 9007199254740992);
    CHECK(read->what.named == "89999010000000042007");
}

TEST_CASE("an order from afar that is not understood is refused whole", "[desired]")
{
    CHECK(why_not("").find("no JSON object") != std::string::npos);
    CHECK(why_not(R"(["version"])").find("no JSON object") != std::string::npos);
    CHECK(why_not(R"({"customerUid":"C1"})").starts_with("version is needed"));
    for (const char* version : {"0", "-3", "9007199254740993"})
        CHECK(why_not(R"({"customerUid":"C1","version":)" + std::string(version) + "}")
                  .starts_with("version is needed"));
    for (const char* version : {R"("7")", "7.5", "null", "18446744073709551615"})
        CHECK(why_not(R"({"customerUid":"C1","version":)" + std::string(version) + "}")
              == "version is of another type");
    CHECK(why_not(R"({"version":1})") == "customerUid is needed");
    CHECK(why_not(R"({"version":1,"customerUid":"../x"})") == "customerUid is needed");
    CHECK(why_not(R"({"version":1,"customerUid":"C1","iccid":"x"})").starts_with("an ICCID is"));
    CHECK(why_not(R"({"version":1,"customerUid":"C1","confirmationCode":"1"})")
              .starts_with("'confirmationCode' is not known"));
}

TEST_CASE("who orders from afar is told what was taken and how far it is", "[desired]")
{
    status now;
    CHECK(boost::json::serialize(to_reported(now))
          == R"({"version":null,"refused":null,"customerUid":null,"iccid":null,"stage":null,)"
             R"("trouble":null})");
    now.desired_version = 7;
    now.customer_uid = "C1";
    now.stage = report::stage::enabled;
    now.trouble = "not_registered";
    CHECK(boost::json::serialize(to_reported(now))
          == R"({"version":7,"refused":null,"customerUid":"C1","iccid":null,"stage":"enabled",)"
             R"("trouble":"not_registered"})");
}
