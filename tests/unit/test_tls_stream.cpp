#include "agent/net/byte_stream.hpp"

#include "tests/support/pki.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <openssl/ssl.h>
#include <sys/socket.h>

using namespace agent;
using namespace agent::net;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> begin_one(byte_stream& one, error_code& ec)
{
    ec = co_await one.begin();
}

/// Two ends of a connection, which trust each other once begin() has come to its end.
struct tls_pair {
    asio::io_context io;
    asio::ssl::context for_server{asio::ssl::context::tls_server};
    asio::ssl::context for_client{asio::ssl::context::tls_client};
    std::array<stream_socket, 2> ends{stream_socket(io), stream_socket(io)};
    std::shared_ptr<byte_stream> server{};
    std::shared_ptr<byte_stream> client{};

    explicit tls_pair(bool is_trusted = true)
    {
        tests::identity shown = tests::test_authority().issue(tests::certificate_request());
        for_server.use_certificate_chain(asio::buffer(shown.certificate));
        for_server.use_private_key(asio::buffer(shown.key), asio::ssl::context::pem);
        if (is_trusted)
            for_client.load_verify_file(tests::test_ca_file());
        for_client.set_verify_mode(asio::ssl::verify_peer);
        int made[2] = {};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, made) == 0);
        for (std::size_t i = 0; i < 2; ++i)
            ends.at(i).assign(asio::generic::stream_protocol(AF_UNIX, 0), made[i]);
        server = make_tls_stream(std::move(ends[0]), for_server, tls_side::server);
        client = make_tls_stream(std::move(ends[1]), for_client, tls_side::client);
    }

    void begin()
    {
        error_code at_server;
        error_code at_client;
        tests::started one{io, begin_one(*server, at_server)};
        tests::started other{io, begin_one(*client, at_client)};
        REQUIRE(one.comes_to_its_end());
        REQUIRE(other.comes_to_its_end());
        REQUIRE_FALSE(at_server);
        REQUIRE_FALSE(at_client);
    }
};

/// Reads until `size` octets have come, or an error.
asio::awaitable<void> read_to(byte_stream& from, std::size_t size, std::string& out, error_code& ec)
{
    std::array<char, 4096> block{};
    while (out.size() < size) {
        std::size_t got = co_await from.read(block, ec);
        if (ec)
            co_return;
        out.append(block.data(), got);
    }
}

asio::awaitable<void> write_to(byte_stream& to, std::string text, error_code& ec)
{
    ec = co_await to.write_all(text);
}

std::string long_text()
{
    std::string out;
    for (int i = 0; i < 200'000; ++i)
        out += std::to_string(i);
    return out;
}

}  // namespace

TEST_CASE("both ends of a TLS connection write and read at once, more than any buffer holds",
    "[tls_stream]")
{
    tls_pair f;
    f.begin();
    const std::string text = long_text();
    std::string at_server;
    std::string at_client;
    std::array<error_code, 4> ec;
    tests::started up{f.io, write_to(*f.client, text, ec[0])};
    tests::started down{f.io, write_to(*f.server, text, ec[1])};
    tests::started there{f.io, read_to(*f.server, text.size(), at_server, ec[2])};
    tests::started here{f.io, read_to(*f.client, text.size(), at_client, ec[3])};
    for (tests::started* each : {&up, &down, &there, &here})
        CHECK(each->comes_to_its_end());
    CHECK(at_server == text);
    CHECK(at_client == text);
    CHECK(ec == std::array<error_code, 4>());
}

TEST_CASE("a TLS connection that was ended is told from one that was cut off", "[tls_stream]")
{
    tls_pair f;
    f.begin();
    bool is_ended = GENERATE(true, false);
    if (is_ended)
        SSL_shutdown(f.server->tls());
    f.server->close();
    std::string said;
    error_code ec;
    tests::started reading{f.io, read_to(*f.client, 1, said, ec)};
    REQUIRE(reading.comes_to_its_end());
    CHECK(ec
          == (is_ended ? error_code(asio::error::eof)
                       : error_code(asio::ssl::error::stream_truncated)));
}

TEST_CASE("writing to who is gone is an error, and no signal", "[tls_stream]")
{
    tls_pair f;
    f.begin();
    f.server->close();
    error_code ec;
    tests::started writing{f.io, write_to(*f.client, long_text(), ec)};
    REQUIRE(writing.comes_to_its_end());
    CHECK(ec);
}

TEST_CASE("what is no TLS ends the beginning with a word of OpenSSL's", "[tls_stream]")
{
    tls_pair f;
    const std::string nonsense = "GET / HTTP/1.1\r\n\r\n";
    int plain = f.client->socket().native_handle();
    REQUIRE(::send(plain, nonsense.data(), nonsense.size(), 0)
            == static_cast<ssize_t>(nonsense.size()));
    error_code ec;
    tests::started beginning{f.io, begin_one(*f.server, ec)};
    REQUIRE(beginning.comes_to_its_end());
    CHECK(ec.category() == asio::error::get_ssl_category());
}

TEST_CASE("a server that nobody vouches for is no partner", "[tls_stream]")
{
    tls_pair f{false};
    error_code ec;
    error_code at_server;
    tests::started one{f.io, begin_one(*f.client, ec)};
    tests::started two{f.io, begin_one(*f.server, at_server)};
    REQUIRE(one.comes_to_its_end());
    CHECK(ec.category() == asio::error::get_ssl_category());
}

TEST_CASE("closing wakes whoever reads, and so does cancelling", "[tls_stream]")
{
    tls_pair f;
    f.begin();
    std::string said;
    error_code ec;
    bool is_closed = GENERATE(true, false);
    tests::started reading{f.io, read_to(*f.client, 1, said, ec)};
    CHECK_FALSE(reading.has_ended());
    if (is_closed)
        f.client->close();
    else
        reading.cancel();
    REQUIRE(reading.comes_to_its_end());
    CHECK(said.empty());
}

TEST_CASE("who sends without end leaves the loop its turns", "[tls_stream]")
{
    tls_pair f;
    f.begin();
    bool has_passed = false;
    auto wait = [&]() -> asio::awaitable<void> {
        asio::steady_timer timer{f.io, 1ms};
        co_await timer.async_wait(asio::use_awaitable);
        has_passed = true;
        f.server->close();
    };
    tests::started waiting{f.io, wait()};
    std::array<error_code, 2> ec;
    auto send_for_ever = [&]() -> asio::awaitable<void> {
        std::string text(16'384, 'x');
        while (!ec[0])
            ec[0] = co_await f.server->write_all(text);
    };
    tests::started sending{f.io, send_for_ever()};
    constexpr std::size_t most = 256UL << 20U;  // far more than goes through in a millisecond
    auto read_much = [&]() -> asio::awaitable<void> {
        std::array<char, 4096> block{};
        for (std::size_t got = 0; got < most && !ec[1];)
            got += co_await f.client->read(block, ec[1]);
    };
    tests::started reading{f.io, read_much()};
    CHECK(reading.comes_to_its_end());
    CHECK(has_passed);
}
