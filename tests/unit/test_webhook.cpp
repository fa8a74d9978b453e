#include "agent/report/webhook.hpp"

#include "agent/report/event.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::report;
using tests::http_answer, tests::scripted, tests::scripted_server;

namespace {

task<verdict> as_task(asio::awaitable<verdict> sending)
{
    verdict out = co_await std::move(sending);
    co_return out;
}

struct fixture {
    boost::asio::io_context io;
    platform::logger log{platform::log_level::error};
    tests::temporary_directory files;
    scripted_server server;
    webhook_settings settings;

    explicit fixture(std::deque<scripted> script) : server(io, std::move(script))
    {
        settings.url =
            net::parse_url("https://localhost:" + std::to_string(server.port()) + "/hook").value();
        settings.secret_file = files.write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
        settings.http.tls.ca_file = tests::test_ca_file();
    }

    verdict send(const std::string& body)
    {
        webhook to{settings, log};
        rendered_report what;
        what.id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        what.cloud_event = body;
        return tests::run(io, as_task(to.send(std::move(what)))).value();
    }
    /// Sends a change of a profile's state, in Gigastore's format.
    verdict send_state(webhook& to, const char* state)
    {
        event one;
        one.stage = stage::installed;
        one.iccid = agent::iccid::from("89999010000000042254");
        one.profile_state = state;
        return tests::run(io, as_task(to.send(render(one)))).value();
    }
    bool saw(const std::string& text) { return server.received().at(0).find(text) != text.npos; }
};

}  // namespace

TEST_CASE("the signature is that of Standard Webhooks' own example", "[report]")
{
    platform::secret secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    auto one = signatures_of(
        secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})");
    CHECK(one.value() == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    platform::secret two{
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    auto both =
        signatures_of(two, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})");
    CHECK(both.value() == *one + " " + *one);
    CHECK_FALSE(signatures_of(platform::secret("whsec_not base64!"), "a", "1", ""));
}

TEST_CASE("a report is posted with its id, its time and its signature", "[report]")
{
    fixture f{{{.answer = http_answer(204, "")}}};
    CHECK(f.send("{}").what == verdict::kind::accepted);
    CHECK(f.saw("POST /hook HTTP/1.1"));
    CHECK(f.saw("webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek"));
    CHECK(f.saw("webhook-timestamp: 1"));
    CHECK(f.saw("webhook-signature: v1,"));
    CHECK(f.saw("Content-Type: application/cloudevents+json"));
}

TEST_CASE("what a webhook's answer means", "[report]")
{
    using kind = verdict::kind;
    auto wanted = GENERATE(
        table<unsigned, kind>({{200, kind::accepted}, {202, kind::accepted}, {410, kind::gone},
            {400, kind::refused}, {401, kind::refused}, {422, kind::refused}, {408, kind::later},
            {429, kind::later}, {500, kind::later}, {503, kind::later}, {302, kind::later}}));
    fixture f{{{.answer = http_answer(std::get<0>(wanted), "", "Retry-After: 7\r\n")}}};
    verdict got = f.send("{}");
    CHECK(got.what == std::get<1>(wanted));
    if (got.what == kind::later)
        CHECK(got.retry_after == std::chrono::seconds(7));
}

TEST_CASE("a webhook's URL is used as it stands", "[report]")
{
    fixture f{{{.answer = http_answer(200, "")}}};
    std::string url = "https://localhost:" + std::to_string(f.server.port()) + "/hook/?sig=S%2F1";
    SECTION("in the configuration")
    {
        f.settings.url = net::parse_url(url).value();
    }
    SECTION("in a file of its own")
    {
        f.settings.url.reset();
        f.settings.url_file = f.files.write("url", url + "\n");
    }
    CHECK(f.send("{}").what == verdict::kind::accepted);
    CHECK(f.saw("POST /hook/?sig=S%2F1 HTTP/1.1\r\n"));
}

TEST_CASE("a url-file that holds no URL is told, without what is in it", "[report]")
{
    fixture f{{}};
    f.settings.url.reset();
    f.settings.url_file = f.files.write("url", "http://fleet.example/SECRET\n");
    verdict got = f.send("{}");
    CHECK(got.what == verdict::kind::later);
    CHECK(got.words.find("url-file") != got.words.npos);
    CHECK(got.words.find("SECRET") == got.words.npos);
}

TEST_CASE("an answer counts once its status line has come", "[report]")
{
    const std::string head = "HTTP/1.1 202 Accepted\r\n";
    auto answer = GENERATE_COPY(
        // Cut off, longer than it says, endless, and as large as only a mistake is.
        scripted{.answer = head + "Content-Length: 10\r\n\r\nab", .close_after = true},
        scripted{.answer = head + "Transfer-Encoding: chunked\r\n\r\nnonsense"},
        scripted{.answer = head + "\r\n" + std::string(200'000, 'x'), .close_after = true},
        scripted{.answer = head + "Content-Length: 99999999999\r\n\r\n" + std::string(99, 'x')});
    fixture f{{answer}};
    CHECK(f.send("{}").what == verdict::kind::accepted);
}

TEST_CASE("a server that asks for any patience is heard", "[report]")
{
    fixture f{{{.answer = http_answer(503, "", "Retry-After: 99999999999999999999\r\n")}}};
    CHECK(f.send("{}").retry_after > std::chrono::hours(24 * 365));
}

TEST_CASE("Gigastore's format is posted when the state is another", "[report]")
{
    fixture f{{{.answer = http_answer(500, "")}, {.answer = http_answer(200, "")},
        {.answer = http_answer(200, "")}}};
    f.settings.is_gigastore_format = true;
    webhook to{f.settings, f.log};
    CHECK(f.send_state(to, "INSTALLED").what == verdict::kind::later);
    CHECK(f.send_state(to, "INSTALLED").what == verdict::kind::accepted);
    CHECK(f.send_state(to, "INSTALLED").what == verdict::kind::accepted);
    CHECK(f.send_state(to, "DISABLED").what == verdict::kind::accepted);
    CHECK(f.server.received().size() == 3);
}

TEST_CASE("a state that was posted is not posted again by the next start", "[report]")
{
    fixture f{{{.answer = http_answer(200, "")}, {.answer = http_answer(200, "")}}};
    f.settings.is_gigastore_format = true;
    f.settings.posted_file = f.files.path() + "/hook.posted";
    webhook before{f.settings, f.log};
    CHECK(f.send_state(before, "INSTALLED").what == verdict::kind::accepted);
    webhook after{f.settings, f.log};
    CHECK(f.send_state(after, "INSTALLED").what == verdict::kind::accepted);
    CHECK(f.server.received().size() == 1);
    CHECK(f.send_state(after, "DISABLED").what == verdict::kind::accepted);
    CHECK(f.server.received().size() == 2);
}

TEST_CASE("a webhook that does not prove who it is gets nothing", "[report]")
{
    fixture f{{{.answer = http_answer(200, "")}}};
    f.settings.http.tls.ca_file = "";  // the system's: not the test's
    verdict got = f.send("{}");
    CHECK(got.what == verdict::kind::later);
    CHECK(f.server.received().empty());
}

TEST_CASE("Gigastore's own format has its four fields, and only for a profile's state", "[report]")
{
    event one;
    one.stage = stage::installed;
    one.iccid = agent::iccid::from("89999010000000042254");
    one.imsi = "001010000004225";
    one.profile_state = "INSTALLED";
    CHECK(to_gigastore(render(one))
          == R"({"iccid":"89999010000000042254","imsi":"001010000004225",)"
             R"("profileState":"INSTALLED"})");
    one.profile_state.clear();
    CHECK(to_gigastore(render(one)).empty());
}
