#include "agent/lpa/es9.hpp"

#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::lpa;
using tests::http_answer, tests::scripted, tests::scripted_server;

namespace {

std::string answered(const std::string& rest)
{
    return R"({"header":{"functionExecutionStatus":{"status":"Executed-Success"}})" + rest + "}";
}

std::string refused(const std::string& subject, const std::string& reason)
{
    return R"({"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":{)"
           R"("subjectCode":")"
           + subject + R"(","reasonCode":")" + reason + R"("}}}})";
}

/// An SM-DP+ that plays its script.
struct fixture {
    boost::asio::io_context io;
    platform::logger log{platform::log_level::error};
    scripted_server server;
    net::http_settings settings;
    std::unique_ptr<net::http_client> http;
    std::unique_ptr<es9_client> client;

    explicit fixture(std::deque<scripted> script) : server(io, std::move(script))
    {
        settings.tls.ca_file = tests::test_ca_file();
        http = std::make_unique<net::http_client>(settings, log);
        net::backoff retries;
        retries.attempts = 3;
        retries.first = std::chrono::milliseconds(1);
        client = std::make_unique<es9_client>(*http, log, retries);
    }
    std::string address() const { return "localhost:" + std::to_string(server.port()); }
    bool saw(std::size_t which, const std::string& text) const
    {
        return server.received().at(which).find(text) != std::string::npos;
    }
};

}  // namespace

TEST_CASE("a call of ES9+ goes to its path, with the protocol's version", "[es9]")
{
    fixture f{{{.answer = http_answer(200, answered(R"(,"boundProfilePackage":"vzYA")"))}}};
    bytes response{1, 2, 3};
    auto package =
        tests::run(f.io, f.client->get_bound_profile_package(f.address(), "0123ABCD", response));
    CHECK(package.value() == bytes{0xbf, 0x36, 0x00});
    CHECK(f.saw(0, "POST /gsma/rsp2/es9plus/getBoundProfilePackage HTTP/1.1\r\n"));
    CHECK(f.saw(0, "X-Admin-Protocol: gsma/rsp/v2.2.0\r\n"));
    CHECK(f.saw(0, R"("transactionId":"0123ABCD")"));
    CHECK(f.saw(0, R"("prepareDownloadResponse":"AQID")"));
}

TEST_CASE("an SM-DP+ that refuses is heard, also behind an HTTP error", "[es9]")
{
    auto status = GENERATE(200U, 400U, 500U);
    fixture f{{{.answer = http_answer(status, refused("8.2.6", "3.8"))}}};
    auto refusal = tests::run(f.io, f.client->authenticate_client(f.address(), "01", bytes{1}));
    REQUIRE_FALSE(refusal);
    CHECK(refusal.error().cause()->subject == "8.2.6");
    CHECK(refusal.error().cause()->reason == "3.8");
    CHECK(refusal.error().kind() == failure_class::refused);
    CHECK(f.server.received().size() == 1);
}

TEST_CASE("what counts at the SM-DP+ is sent once, whatever the answer", "[es9]")
{
    fixture f{{{.answer = http_answer(503, "")}, {.answer = http_answer(503, "")}}};
    CHECK_FALSE(tests::run(f.io, f.client->authenticate_client(f.address(), "01", bytes{1})));
    CHECK(f.server.received().size() == 1);
    CHECK_FALSE(tests::run(f.io, f.client->get_bound_profile_package(f.address(), "01", bytes{1})));
    CHECK(f.server.received().size() == 2);
}

TEST_CASE("the first call of a session, and a notification, are tried again", "[es9]")
{
    fixture f{{{.answer = http_answer(503, "")}, {.answer = http_answer(503, "")},
        {.answer = http_answer(503, "")}, {.answer = http_answer(503, "")},
        {.answer = http_answer(204, "")}}};
    CHECK_FALSE(
        tests::run(f.io, f.client->initiate_authentication(f.address(), bytes(16, 1), bytes{2})));
    CHECK(f.server.received().size() == 3);
    CHECK(tests::run(f.io, f.client->handle_notification(f.address(), bytes{0xbf, 0x37, 0x00})));
    CHECK(f.server.received().size() == 5);
}

TEST_CASE("an answer that makes no sense is told as the SM-DP+'s", "[es9]")
{
    auto body = GENERATE("", "{}", "[1]", R"({"boundProfilePackage":7})");
    fixture f{{{.answer = http_answer(200, body)}}};
    auto package =
        tests::run(f.io, f.client->get_bound_profile_package(f.address(), "01", bytes{1}));
    REQUIRE_FALSE(package);
    CHECK(package.error() == errc::malformed_es9);
}

TEST_CASE("an SM-DP+ address is a host, perhaps with a port", "[es9]")
{
    CHECK(smdp_origin("smdp.example.com").value().host == "smdp.example.com");
    CHECK(smdp_origin("smdp.example.com:8443").value().port == 8443);
    for (const char* bad : {"", "https://smdp.example.com", "smdp.example.com/path", "a b"})
        CHECK_FALSE(smdp_origin(bad));
}
