#include "agent/net/http_server.hpp"

#include "agent/net/error.hpp"
#include "agent/net/local_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/started.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <filesystem>
#include <memory>

using namespace agent;
using namespace agent::net;

namespace {

asio::awaitable<server_response> echo(http_request asked)
{
    server_response out;
    out.content_type = "text/plain";
    out.body = asked.method + " " + asked.target + " " + std::string(asked.body);
    co_return out;
}

asio::awaitable<void> say_two(stream_writer& to)
{
    std::string text = "two";
    co_await to.write(std::move(text));
}

asio::awaitable<server_response> go_on(http_request)
{
    server_response out;
    out.body = "one ";
    out.stream = say_two;
    co_return out;
}

asio::awaitable<void> follow(stream_writer& to)
{
    std::string text = "following";
    co_await to.write(std::move(text));
    co_await to.closed();
}

asio::awaitable<server_response> follow_or_echo(http_request asked)
{
    server_response out;
    out.is_feed = asked.target == "/follow";
    if (out.is_feed || asked.target == "/borrow")
        out.stream = follow;
    else
        out.body = "answered";
    co_return out;
}

/// A server on a Unix socket, and connections to it on which a test says what it likes.
struct fixture {
    asio::io_context io;
    tests::temporary_directory files;
    std::string path = files.path() + "/control";
    server_limits limits{.clients = 2, .followers = 1, .body = 8};

    http_server server;
    std::unique_ptr<tests::started> serving{};

    explicit fixture(server_handler routes = echo, bool is_allowed = true)
        : server(io.get_executor(), std::move(routes), limits)
    {
        auto allows = [is_allowed](uid_t, gid_t, pid_t) { return is_allowed; };
        REQUIRE(server.listen_on_socket(path, "", allows));
        serving = std::make_unique<tests::started>(io, server.run());
    }

    using socket = asio::local::stream_protocol::socket;
    socket connect()
    {
        socket out{io};
        out.connect(path);
        out.non_blocking(true);
        return out;
    }
    /// Says `text`, and gives what is answered until the connection ends or `end` has come.
    std::string say(socket& to, const std::string& text, const std::string& end = "\x01")
    {
        boost::system::error_code ec;
        boost::asio::write(to, asio::buffer(text), ec);
        std::string got;
        bool is_closed = false;
        serving->comes([&] {
            char block[4096];
            std::size_t size = to.read_some(asio::buffer(block), ec);
            got.append(block, size);
            is_closed = ec && ec != asio::error::would_block;
            return is_closed || got.ends_with(end);
        });
        return got + (is_closed ? "[closed]" : "");
    }
};

}  // namespace

TEST_CASE("requests on one connection are answered in their order", "[http_server]")
{
    fixture f;
    auto client = f.connect();
    std::string got = f.say(client,
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: "
        "2\r\n\r\nhi",
        "POST /b hi");
    CHECK(got.find("GET /a ") < got.find("POST /b hi"));
    CHECK(got.find("Content-Length: 7\r\n") != std::string::npos);
    CHECK(got.find("Cache-Control: no-store\r\n") != std::string::npos);
}

TEST_CASE("who follows leaves room for who asks", "[http_server]")
{
    fixture f{follow_or_echo};
    std::string follow_it = "GET /follow HTTP/1.1\r\nHost: x\r\n\r\n";
    {
        auto first = f.connect();
        CHECK(f.say(first, follow_it, "following").find("200 OK") != std::string::npos);
        auto second = f.connect();
        std::string refused = f.say(second, follow_it, "}");
        CHECK(refused.starts_with("HTTP/1.1 503"));
        CHECK(refused.find("\"class\":\"busy\"") != std::string::npos);
        CHECK(refused.find("Retry-After: ") != std::string::npos);
        CHECK(f.say(second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "answered").ends_with("answered"));
    }
    auto third = f.connect();
    CHECK(f.say(third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "answered").ends_with("answered"));
    CHECK(f.say(third, follow_it, "following").find("200 OK") != std::string::npos);
}

TEST_CASE(
    "visitors are told apart by address, and a site's IPv6 addresses are one", "[http_server]")
{
    auto at = [](const char* text) { return visitor_of(asio::ip::make_address(text)); };
    CHECK(at("192.0.2.1") != at("192.0.2.2"));
    CHECK(at("2001:db8::1") == at("2001:db8::ffff:1"));
    CHECK(at("2001:db8::1") != at("2001:db8:0:1::1"));
}

TEST_CASE("HEAD is answered as GET is, without the body", "[http_server]")
{
    fixture f;
    auto client = f.connect();
    std::string got = f.say(client, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n\r\n");
    CHECK(got.find("Content-Length: 7\r\n") != std::string::npos);
    CHECK(got.ends_with("\r\n\r\n"));
}

TEST_CASE("what is no request is told so, and the connection closed", "[http_server]")
{
    fixture f;
    const std::pair<std::string, std::string> wrong[] = {
        {"\x16\x03\x01 hello\r\n\r\n", "HTTP/1.1 400 "},
        {"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", "HTTP/1.1 413 "},
        {"GET / HTTP/1.1\r\nX: " + std::string(17 * 1024, 'x') + "\r\n\r\n", "HTTP/1.1 431 "},
    };
    for (const auto& [said, answered] : wrong) {
        auto client = f.connect();
        std::string got = f.say(client, said);
        CHECK(got.starts_with(answered));
        CHECK(got.ends_with("[closed]"));
    }
}

TEST_CASE("a silent client gives way to the next", "[http_server]")
{
    fixture f;
    auto first = f.connect();
    f.serving->turn();
    auto second = f.connect();
    f.serving->turn();
    auto third = f.connect();
    const std::string ask = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    CHECK(f.say(third, ask, "GET /a ").ends_with("GET /a "));
    CHECK(f.say(first, ask) == "[closed]");
    CHECK(f.say(second, ask, "GET /a ").ends_with("GET /a "));
}

TEST_CASE("somebody who may not ask is told so", "[http_server]")
{
    fixture f{echo, false};
    auto client = f.connect();
    CHECK(f.say(client, "").starts_with("HTTP/1.1 403 "));
}

TEST_CASE("an answer that goes on does so until it returns", "[http_server]")
{
    fixture f{go_on};
    auto client = f.connect();
    std::string got = f.say(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(got.find("Connection: close\r\n\r\none two[closed]") != std::string::npos);
}

TEST_CASE("a server that ended leaves no socket, and no request of its own", "[http_server]")
{
    fixture f;
    auto client = f.connect();
    f.serving->turn();
    CHECK(std::filesystem::exists(f.path));
    f.serving.reset();
    CHECK_FALSE(std::filesystem::exists(f.path));
    http_request request;
    request.target = "/";
    auto refused = tests::run(f.io, ask_local(f.path, request));
    CHECK(refused.error().code() == boost::system::errc::no_such_file_or_directory);
}
