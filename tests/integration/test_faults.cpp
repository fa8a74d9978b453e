#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

using namespace tests;

namespace {

finished qr(const sandbox& outside)
{
    return outside.agent({"qr", "--uid", outside.uid("plain"), "--format", "svg"});
}

}  // namespace

TEST_CASE("what passes is lived through", "[faults]")
{
    sandbox outside;
    auto fault = GENERATE("401-once", "429*1", "503*2", "cut*1");
    outside.fault(fault);
    INFO(fault);
    CHECK(qr(outside).status == 0);
}

TEST_CASE("what does not pass is told with its name", "[faults]")
{
    sandbox outside;
    auto says = [&](const std::string& fault, const std::string& words) {
        outside.fault(fault);
        finished done = qr(outside);
        INFO(fault + ": " + done.err);
        CHECK(done.status == 5);
        CHECK(done.out.empty());
        CHECK(done.err.find(words) != std::string::npos);
    };
    says("503", "the server is in trouble (HTTP 503: overloaded)");
    says("429", "too many requests (HTTP 429: Too many requests; it asks to come back after 1 s)");
    says("cut", "the connection was cut in the middle of the answer");
    says("empty", "the answer is not what the API promises");
    says("html", "a login page of the local network answered instead");
    says("redirect", "HTTP 302 to http://portal.hotel.example/login)");
    says("wrong-json", "it has no customer with a uid");
    says("huge", "the answer is larger than any this API gives");
}

TEST_CASE("a token that runs out in the middle of a listing is renewed", "[faults]")
{
    // While the second page is waited for, the token's only second passes.
    sandbox outside{{"--token-life", "1", "--customers", "300", "--fault", "429*1@page_index=1&"}};
    finished done = outside.agent({"--log-level", "debug", "customer", "list"});
    CHECK(done.status == 0);
    CHECK(done.err.find("HTTP 429; trying again") != std::string::npos);
    CHECK(done.err.find("renewing it once") != std::string::npos);
    CHECK(std::count(done.out.begin(), done.out.end(), '\n') == 1 + 7 + 300);
}

TEST_CASE("a listing that breaks off keeps what came, and says where it ended", "[faults]")
{
    sandbox outside{{"--customers", "300", "--fault", "html@page_index=2&"}};
    finished done = outside.agent({"customer", "list"});
    CHECK(done.status == 5);
    CHECK(std::count(done.out.begin(), done.out.end(), '\n') == 1 + 200);
    CHECK(
        done.err.find("listing customers after the first 200: a login page") != std::string::npos);
    done = outside.agent({"--json", "customer", "list"});
    CHECK(done.status == 5);
    CHECK(boost::json::parse(done.out).as_array().size() == 200);
    outside.fault("html@page_index=0&");
    done = outside.agent({"--json", "customer", "list"});
    CHECK(boost::json::parse(done.out).as_object().contains("error"));
    CHECK(outside.agent({"customer", "list"}).out.empty());
}

TEST_CASE("both shapes of the customers list are read", "[faults]")
{
    sandbox outside{{"--bare-lists", "--customers", "3"}};
    finished done = outside.agent({"--json", "customer", "list"});
    CHECK(done.status == 0);
    CHECK(done.out.find("customer2@example.org") != std::string::npos);
}

TEST_CASE("servers that cannot prove who they are get no credentials", "[faults][tls]")
{
    auto says = [](std::vector<std::string> options, const std::string& words) {
        sandbox outside{std::move(options)};
        finished done = qr(outside);
        INFO(done.err);
        CHECK(done.status == 5);
        CHECK(done.err.find(words) != std::string::npos);
    };
    says({"--certificate", "wrong-host"},
        "its certificate is for 'other.example', not for localhost");
    says({"--certificate", "unknown-ca"}, "which this device does not trust");
    says({"--certificate", "expired"}, "was valid until");
    says({"--certificate", "not-yet-valid"},
        "certificates cannot be checked with the clock of this device");
    says({"--tls", "1.1"}, "offers nothing newer than TLS 1.1");
}

TEST_CASE("a clock before the build does not stop TLS, and is said", "[faults][tls]")
{
    sandbox outside;
    program_options in_1970{
        .environment = {"FAKETIME=@1970-01-02 00:00:00", "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "LD_PRELOAD=" ESIM_FAKETIME_LIBRARY, "ASAN_OPTIONS=verify_asan_link_order=0"}};
    finished done =
        outside.agent({"qr", "--uid", outside.uid("plain"), "--format", "svg"}, in_1970);
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(done.err.find("the system clock is before the time this program was built")
          != std::string::npos);
}
