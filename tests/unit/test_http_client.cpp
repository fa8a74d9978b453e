#include "agent/net/error.hpp"
#include "agent/net/http_client.hpp"
#include "agent/net/retry.hpp"
#include "platform/error.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/connect_proxy.hpp"

using namespace std::chrono_literals;
using namespace agent::net;
using tests::http_answer, tests::scripted, tests::scripted_server, tests::server_tls;

namespace {

struct fixture {
    boost::asio::io_context io;
    platform::logger log{platform::log_level::error};
    scripted_server server;
    http_settings settings;

    explicit fixture(std::deque<scripted> script, server_tls tls = {})
        : server(io, std::move(script), std::move(tls))
    {
        settings.tls.ca_file = tests::test_ca_file();
        settings.exchange_limit = 5s;
        settings.max_body = 1000;
    }

    origin here(std::string host = "localhost") const { return {std::move(host), server.port()}; }

    platform::result<http_response> get(http_client& client, std::string host = "localhost")
    {
        http_request request;
        request.target = "/x";
        return tests::run(io, client.exchange(here(std::move(host)), request));
    }

    platform::result<http_response> get(std::string host = "localhost")
    {
        http_client client{settings, log};
        return get(client, std::move(host));
    }
};

const scripted good{.answer = http_answer(200, "{}", "X-Extra: yes\r\n")};

}  // namespace

TEST_CASE("an exchange gives status, headers and body", "[http_client]")
{
    fixture f{{{.answer = http_answer(404, "{\"a\":1}", "X-Extra: yes\r\n")}}};
    auto answer = f.get();
    REQUIRE(answer);
    CHECK(answer->status == 404);
    CHECK(answer->body == "{\"a\":1}");
    CHECK((*answer)["x-extra"] == "yes");
    CHECK((*answer)["absent"].empty());
    CHECK(f.server.received()[0].find("Host: localhost:" + std::to_string(f.server.port()))
          != std::string::npos);
    CHECK(f.server.received()[0].starts_with("GET /x HTTP/1.1\r\n"));
}

TEST_CASE("a request carries its headers and its body", "[http_client]")
{
    fixture f{{good}};
    http_client client{f.settings, f.log};
    http_request request;
    request.method = "POST";
    request.target = "/y?z=1";
    request.headers.push_back({"Authorization", "Bearer T"});
    request.body = "hello";
    REQUIRE(tests::run(f.io, client.exchange(f.here(), request)));
    const std::string& seen = f.server.received()[0];
    CHECK(seen.starts_with("POST /y?z=1 HTTP/1.1\r\n"));
    CHECK(seen.find("Authorization: Bearer T\r\n") != std::string::npos);
    CHECK(seen.find("Content-Length: 5\r\n") != std::string::npos);
    CHECK(seen.ends_with("\r\n\r\nhello"));
}

TEST_CASE("interim answers are passed over", "[http_client]")
{
    fixture f{{{.answer = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + good.answer}}};
    CHECK(f.get()->status == 200);
}

TEST_CASE("a connection that says more than it was asked is not used again", "[http_client]")
{
    const std::string unasked = http_answer(200, "{\"somebody\":\"else\"}");
    auto talkative = GENERATE_COPY(scripted{.answer = good.answer + unasked},
        scripted{.answer = good.answer, .afterwards = unasked});
    fixture f{{talkative, good}};
    http_client client{f.settings, f.log};
    CHECK(f.get(client)->body == "{}");
    f.io.restart();
    f.io.run_for(20ms);
    CHECK(f.get(client)->body == "{}");
    CHECK(f.server.connections() == 2);
}

TEST_CASE("a connection is used again, and a new one is made when it was closed", "[http_client]")
{
    SECTION("keeps the connection between exchanges")
    {
        fixture f{{good, good, good}};
        http_client client{f.settings, f.log};
        for (int i = 0; i < 3; ++i)
            CHECK(f.get(client));
        CHECK(f.server.connections() == 1);
    }
    SECTION("asks again on a new one if the kept one breaks before it answers")
    {
        fixture f{{good, {.hang_up = true}, good}};
        http_client client{f.settings, f.log};
        CHECK(f.get(client));
        CHECK(f.get(client));
        CHECK(f.server.connections() == 2);
    }
    SECTION("leaves a connection that the server closed while idle")
    {
        scripted last = good;
        last.close_after = true;
        fixture f{{last, good}};
        http_client client{f.settings, f.log};
        CHECK(f.get(client));
        f.io.restart();
        f.io.run_for(20ms);
        CHECK(f.get(client));
        CHECK(f.server.received().size() == 2);
    }
}

TEST_CASE("a server that does not answer well ends at the limits", "[http_client]")
{
    SECTION("silence ends at the time limit")
    {
        fixture f{{{.stay_silent = true}}};
        f.settings.exchange_limit = 200ms;
        auto answer = f.get();
        CHECK(answer.error() == errc::timeout);
        // On a loaded machine the handshake alone may take as long.
        bool was_asked = !f.server.received().empty();
        bool names_wait =
            answer.error().detail().find("waiting for the answer") != std::string::npos;
        CHECK(names_wait == was_asked);
    }
    SECTION("so does a slow drip")
    {
        scripted slow = good;
        slow.drip = true;
        fixture f{{slow}};
        f.settings.exchange_limit = 200ms;
        CHECK(f.get().error() == errc::timeout);
    }
    SECTION("a body larger than the limit is refused, also when its size is not announced")
    {
        fixture f{{{.answer = http_answer(200, std::string(1001, 'x'))}}};
        CHECK(f.get().error() == errc::malformed_answer);
        fixture chunked{{{.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n"
                                    + std::string(0x800, 'x') + "\r\n0\r\n\r\n"}}};
        CHECK(chunked.get().error() == errc::malformed_answer);
    }
    SECTION("a body that is cut off is no answer")
    {
        fixture f{{{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
            .close_after = true}}};
        CHECK(f.get().error() == errc::unreachable);
    }
    SECTION("what is not HTTP is malformed")
    {
        fixture f{{{.answer = "SSH-2.0-OpenSSH\r\n\r\n", .close_after = true}}};
        CHECK(f.get().error() == errc::malformed_answer);
    }
    SECTION("a dead port is unreachable")
    {
        fixture f{{}};
        boost::asio::ip::tcp::acceptor closed{f.io, {boost::asio::ip::address_v4::loopback(), 0}};
        origin dead{"localhost", closed.local_endpoint().port()};
        closed.close();
        http_client client{f.settings, f.log};
        auto answer = tests::run(f.io, client.exchange(dead, {}));
        CHECK(answer.error() == errc::unreachable);
    }
}

TEST_CASE(
    "a request that must not be repeated has an unknown outcome once it was sent", "[http_client]")
{
    auto trouble = GENERATE(scripted{.hang_up = true}, scripted{.stay_silent = true});
    fixture f{{trouble}};
    f.settings.exchange_limit = 1s;  // the handshake of a busy machine has to fit in
    http_client client{f.settings, f.log};
    http_request refund;
    refund.method = "POST";
    refund.is_repeatable = false;
    CHECK(tests::run(f.io, client.exchange(f.here(), refund)).error() == errc::outcome_unknown);
    CHECK(f.server.received().size() == 1);
}

TEST_CASE("a server that cannot prove who it is gets no request", "[http_client][tls]")
{
    SECTION("a certificate for another host")
    {
        fixture f{{good},
            {.certificate = {
                 .common_name = "other.example", .dns = {"other.example"}, .addresses = {}}}};
        auto answer = f.get();
        CHECK(answer.error() == errc::tls);
        CHECK(
            answer.error().detail() == "its certificate is for 'other.example', not for localhost");
        CHECK(f.server.received().empty());
    }
    SECTION("a name that is only in the common name")
    {
        fixture f{
            {good}, {.certificate = {
                         .common_name = "localhost", .dns = {"other.example"}, .addresses = {}}}};
        CHECK(f.get().error() == errc::tls);
    }
    SECTION("an address that the certificate does not list")
    {
        fixture f{{good}, {.certificate = {.addresses = {}}}};
        CHECK(f.get("127.0.0.1").error() == errc::tls);
    }
    SECTION("an unknown authority")
    {
        fixture f{{good}, {.is_trusted = false}};
        auto answer = f.get();
        CHECK(answer.error() == errc::tls);
        CHECK(answer.error().detail().find("'somebody else'") != std::string::npos);
        CHECK(f.server.received().empty());
    }
    SECTION("an authority that only another configuration trusts")
    {
        fixture f{{good}};
        f.settings.tls.ca_file.clear();
        CHECK(f.get().error() == errc::tls);
    }
    SECTION("an expired certificate")
    {
        fixture f{{good}, {.certificate = {.valid_until = -60}}};
        auto answer = f.get();
        CHECK(answer.error() == errc::expired);
        CHECK(answer.error().detail().find("was valid until 20") != std::string::npos);
        CHECK(answer.error().detail().find("clock says 20") != std::string::npos);
    }
    SECTION("a certificate that is not valid yet blames the clock")
    {
        fixture f{{good}, {.certificate = {.valid_from = 86'400}}};
        auto answer = f.get();
        CHECK(answer.error() == errc::clock);
        CHECK(answer.error().detail().find("is valid from 20") != std::string::npos);
    }
    SECTION("nothing newer than TLS 1.1")
    {
        fixture f{{good}, {.is_old = true}};
        auto answer = f.get();
        CHECK(answer.error() == errc::tls);
        CHECK(answer.error().detail() == "localhost offers nothing newer than TLS 1.1");
    }
    SECTION("no TLS at all")
    {
        fixture f{
            {{.answer = "HTTP/1.1 400 Bad\r\n\r\n", .close_after = true}}, {.is_plain = true}};
        CHECK(f.get().error().code() != platform::error_code());
        CHECK(f.server.received().empty());
    }
    SECTION("an address is accepted where the certificate lists it")
    {
        fixture f{{good}};
        CHECK(f.get("127.0.0.1"));
    }
}

TEST_CASE("a client certificate is shown to a gateway that asks", "[http_client][tls]")
{
    tests::temporary_directory files;
    tests::identity device = tests::test_authority().issue({.common_name = "device-7"});
    fixture f{{good}, {.asks_for_certificate = true}};
    f.settings.tls.certificate_file = files.write("device.pem", device.certificate);
    f.settings.tls.key_file = files.write("device.key", device.key);
    SECTION("its key stays secret and it is accepted")
    {
        CHECK(f.get());
        CHECK(f.server.client_name() == "device-7");
    }
    SECTION("a key that others can read is refused")
    {
        f.settings.tls.key_file = files.write("open.key", device.key, 0644);
        CHECK(f.get().error().detail().find("chmod 600") != std::string::npos);
    }
    SECTION("a key behind a passphrase is named as that, and nobody is asked")
    {
        f.settings.tls.key_file = files.write("locked.key", tests::encrypted(device.key, "secret"));
        auto told = f.get();
        CHECK(told.error() == platform::errc::configuration);
        CHECK(told.error().detail().find("is protected by a passphrase") != std::string::npos);
    }
    SECTION("its passphrase may lie in a file, and a wrong one is named")
    {
        f.settings.tls.key_file = files.write("locked.key", tests::encrypted(device.key, "secret"));
        f.settings.tls.key_password_file = files.write("passphrase", "secret\n");
        CHECK(f.get());
        CHECK(f.server.client_name() == "device-7");
        f.settings.tls.key_password_file = files.write("wrong", "another\n");
        auto told = f.get();
        CHECK(told.error() == platform::errc::configuration);
        CHECK(told.error().detail().find("does not open") != std::string::npos);
    }
    SECTION("a key of another certificate is refused")
    {
        auto other = tests::test_authority().issue({});
        f.settings.tls.key_file = files.write("other.key", other.key);
        CHECK(f.get().error() == errc::credentials_refused);
    }
}

TEST_CASE("a proxy is asked for a tunnel, and TLS is verified through it", "[http_client][proxy]")
{
    fixture f{{}};
    scripted_server proxy{f.io,
        {{.answer = "HTTP/1.1 407 Authenticate\r\nContent-Length: 0\r\n\r\n"}}, {.is_plain = true}};
    f.settings.proxies.through =
        parse_proxy("http://me:SECRET@127.0.0.1:" + std::to_string(proxy.port())).value();
    SECTION("with its credentials, and its refusal is told")
    {
        auto answer = f.get("api.example");
        CHECK(answer.error() == errc::proxy_refused);
        CHECK(answer.error().detail().find("407") != std::string::npos);
        CHECK(answer.error().message().find("SECRET") == std::string::npos);
        std::string target = "api.example:" + std::to_string(f.server.port());
        CHECK(proxy.received()[0].starts_with("CONNECT " + target + " HTTP/1.1\r\n"));
        CHECK(proxy.received()[0].find("Proxy-Authorization: Basic bWU6U0VDUkVU\r\n")
              != std::string::npos);
    }
    SECTION("but not for hosts that are exempt")
    {
        f.settings.proxies.except = {"localhost"};
        CHECK(f.get());
        CHECK(proxy.received().empty());
    }
}

TEST_CASE("a tunnel leads to the server itself", "[http_client][proxy]")
{
    fixture f{{good, good}};
    tests::connect_proxy proxy{f.io, f.server.port()};
    f.settings.proxies.through =
        parse_proxy("http://127.0.0.1:" + std::to_string(proxy.port())).value();
    SECTION("whose certificate is verified as without a proxy")
    {
        CHECK(f.get()->status == 200);
        CHECK(proxy.asked().starts_with("CONNECT localhost:" + std::to_string(f.server.port())));
    }
    SECTION("so a proxy that leads elsewhere gets no request")
    {
        CHECK(f.get("api.example").error() == errc::tls);
        CHECK(f.server.received().empty());
    }
    SECTION("and is kept for the next exchange")
    {
        http_client client{f.settings, f.log};
        CHECK(f.get(client));
        CHECK(f.get(client));
        CHECK(f.server.connections() == 1);
    }
}

TEST_CASE("cancelling an exchange ends it at once", "[http_client]")
{
    fixture f{{{.stay_silent = true}}};
    f.settings.exchange_limit = 10s;
    http_client client{f.settings, f.log};
    boost::asio::cancellation_signal stop;
    boost::asio::steady_timer soon{f.io, 20ms};
    soon.async_wait(
        [&](platform::error_code) { stop.emit(boost::asio::cancellation_type::terminal); });
    bool has_ended = false;
    auto finish = [&](std::exception_ptr, platform::result<http_response>) {
        has_ended = true;
        f.io.stop();
    };
    auto started = std::chrono::steady_clock::now();
    boost::asio::co_spawn(f.io, client.exchange(f.here(), {}),
        boost::asio::bind_cancellation_slot(stop.slot(), finish));
    f.io.run_for(5s);
    CHECK(has_ended);
    CHECK(std::chrono::steady_clock::now() - started < 1s);
}

TEST_CASE("an exchange is repeated while the server is busy", "[http_client][retry]")
{
    scripted busy{.answer = http_answer(503, "")};
    backoff quick{.first = 1ms, .longest = 2ms, .attempts = 3, .total = 1s};
    auto ask = [&](fixture& f) {
        http_client client{f.settings, f.log};
        return tests::run(f.io, exchange_with_retry(client, f.here(), {}, quick, f.log));
    };
    SECTION("until it answers")
    {
        fixture f{{busy, {.hang_up = true}, good}};
        CHECK(ask(f)->status == 200);
    }
    SECTION("at most as often as the policy says, then its last answer stands")
    {
        fixture f{{busy, busy, busy, good}};
        CHECK(ask(f)->status == 503);
        CHECK(f.server.received().size() == 3);
    }
    SECTION("but not what stands")
    {
        fixture f{{{.answer = http_answer(404, "")}, good}};
        CHECK(ask(f)->status == 404);
        CHECK(f.server.received().size() == 1);
    }
}
