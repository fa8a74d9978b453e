#include "agent/provision/assignment.hpp"

#include "agent/gigastore/parse.hpp"
#include "agent/net/error.hpp"
#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::provision;
using std::chrono::seconds;

namespace {

gigastore::assignment told(std::string_view body)
{
    return gigastore::parse_assignment(body).value();
}

const assignment_pace every{.first = seconds(20), .usual = seconds(21'600)};
constexpr double nearly_one = 0.999999;

}  // namespace

TEST_CASE(
    "an assignment names a customer, an eSIM and the next ask, each if it wants to", "[assignment]")
{
    auto whole = told(R"({"customerUid":"C-1","iccid":"89999010000000042007",
        "pollSeconds":3600,"jitterSeconds":60,"traceId":"t"})");
    CHECK(whole.customer_uid == "C-1");
    CHECK(whole.iccid == "89999010000000042007");
    CHECK(whole.poll == seconds(3600));
    CHECK(whole.jitter == seconds(60));
    for (const char* nobody : {"{}", R"({"customerUid":null})"}) {
        CHECK(told(nobody).customer_uid.empty());
        CHECK_FALSE(told(nobody).poll);
    }
}

TEST_CASE("an assignment that names no customer properly assigns nothing", "[assignment]")
{
    for (const char* odd : {"", "[]", "null", "{\"customerUid\":\"C-1\"",
             R"({"customerUid":"../x"})", R"({"customerUid":"C-1","iccid":"x"})"})
        CHECK(gigastore::parse_assignment(odd).error() == net::errc::malformed_answer);
}

TEST_CASE(
    "a gateway is asked again when it says, and a random part of its jitter later", "[assignment]")
{
    auto each_hour = told(R"({"customerUid":"C-1","pollSeconds":3600,"jitterSeconds":600})");
    CHECK(next_ask(each_hour, 0, every, 0) == seconds(3600));
    CHECK(next_ask(each_hour, 0, every, 0.5) == seconds(3900));
    CHECK(next_ask(told(R"({"pollSeconds":3600})"), 9, every, nearly_one) == seconds(3959));
    CHECK(next_ask(told(R"({"pollSeconds":0})"), 0, every, 0) == seconds(10));
    CHECK(next_ask(told(R"({"pollSeconds":2000000000})"), 0, every, 0) == seconds(604'800));
    CHECK(next_ask(told(R"({"pollSeconds":60,"jitterSeconds":0})"), 0, every, 0.5) == seconds(60));
}

TEST_CASE("a gateway that says nothing is asked ever more rarely, and never with the whole fleet",
    "[assignment]")
{
    gigastore::assignment nobody;
    CHECK(next_ask(nobody, 0, every, 0) == seconds(10));
    CHECK(next_ask(nobody, 0, every, nearly_one) == seconds(19));
    CHECK(next_ask(nobody, 3, every, 0) == seconds(80));
    CHECK(next_ask(nobody, 1'000'000, every, 0) == seconds(10'800));
    CHECK(next_ask(told(R"({"customerUid":"C-1"})"), 0, every, 0.5) == seconds(16'200));
}
