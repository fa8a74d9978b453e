#include "agent/net/connect.hpp"
#include "agent/net/error.hpp"
#include "tests/support/run.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using namespace agent::net;
using boost::asio::ip::tcp;

namespace {

/// A port of this machine on which nobody listens.
tcp::endpoint dead_endpoint(boost::asio::io_context& io)
{
    tcp::acceptor gone{io, {boost::asio::ip::address_v4::loopback(), 0}};
    return gone.local_endpoint();
}

}  // namespace

TEST_CASE("the first address that answers is taken", "[connect]")
{
    boost::asio::io_context io;
    tcp::acceptor alive{io, {boost::asio::ip::address_v4::loopback(), 0}};
    SECTION("after one that refuses")
    {
        endpoints addresses{dead_endpoint(io), alive.local_endpoint()};
        auto socket = tests::run(io, connect(addresses));
        REQUIRE(socket);
        CHECK((*socket)->remote_endpoint() == alive.local_endpoint());
    }
    SECTION("after one that stays silent, without waiting for it to fail")
    {
        // A full backlog swallows connection attempts, as a broken IPv6 route does.
        tcp::acceptor deaf{io};
        deaf.open(tcp::v4());
        deaf.bind({boost::asio::ip::address_v4::loopback(), 0});
        deaf.listen(0);
        tcp::socket filler{io};
        filler.connect(deaf.local_endpoint());
        tcp::socket more{io};
        more.async_connect(deaf.local_endpoint(), [](platform::error_code) {});
        endpoints addresses{deaf.local_endpoint(), alive.local_endpoint()};
        auto socket = tests::run(io, connect(addresses, {}, 10ms));
        REQUIRE(socket);
        CHECK((*socket)->remote_endpoint().port() != 0);
    }
}

TEST_CASE("no address that answers is no connection", "[connect]")
{
    boost::asio::io_context io;
    CHECK(tests::run(io, connect({dead_endpoint(io), dead_endpoint(io)})).error()
          == errc::unreachable);
    CHECK(tests::run(io, connect({})).error() == errc::unreachable);
}

TEST_CASE("a connection by one interface does not leave by another", "[connect]")
{
    boost::asio::io_context io;
    tcp::acceptor alive{io, {boost::asio::ip::address_v4::loopback(), 0}};
    endpoints addresses{alive.local_endpoint()};
    CHECK(tests::run(io, connect(addresses, "lo")));
    auto lost = tests::run(io, connect(addresses, "nosuch0"));
    REQUIRE_FALSE(lost);
    CHECK(lost.error() == errc::unreachable);
    CHECK(lost.error().detail() == "No such device");
}

TEST_CASE("names are looked up, addresses are taken as they are", "[resolve]")
{
    boost::asio::io_context io;
    auto literal = tests::run(io, resolve({"::1", 443}));
    REQUIRE(literal);
    CHECK(literal->size() == 1);
    CHECK(literal->front().address().is_v6());
    CHECK(tests::run(io, resolve({"localhost", 1}))->size() >= 1);
    CHECK(tests::run(io, resolve({"no-such-host.invalid", 443})).error() == errc::name_lookup);
}
