#include "agent/net/event_feed.hpp"

#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace asio = boost::asio;
using namespace agent::net;

namespace {

/// A follower at the other end of a pair of sockets.
struct fixture {
    asio::io_context io;
    asio::local::stream_protocol::socket there{io};
    std::shared_ptr<byte_stream> here;
    event_feed feed;

    fixture()
    {
        asio::local::stream_protocol::socket mine{io};
        asio::local::connect_pair(mine, there);
        there.non_blocking(true);
        here = make_plain_stream(stream_socket(std::move(mine)));
    }
    asio::awaitable<void> follow()
    {
        stream_writer writer{*here};
        co_await feed.follow(writer, "first\n");
    }
    std::string received()
    {
        std::string out(4096, '\0');
        boost::system::error_code ec;
        out.resize(there.read_some(asio::buffer(out), ec));
        return out;
    }
};

}  // namespace

TEST_CASE("a follower gets what is published from then on", "[event_feed]")
{
    fixture f;
    f.feed.publish("report", "early");
    tests::started following{f.io, f.follow()};
    CHECK(f.received() == "first\n");
    f.feed.publish("status", "{}");
    f.feed.publish("report", "{\"id\":1}");
    following.turn();
    CHECK(f.received() == "event: status\ndata: {}\n\nevent: report\ndata: {\"id\":1}\n\n");
    CHECK_FALSE(following.has_ended());
}

TEST_CASE("a feed that is closed lets its followers go", "[event_feed]")
{
    fixture f;
    tests::started following{f.io, f.follow()};
    f.feed.publish("status", "last");
    f.feed.close();
    REQUIRE(following.comes_to_its_end());
    CHECK(f.received().ends_with("data: last\n\n"));
}

TEST_CASE("a follower that is gone is noticed at the next word", "[event_feed]")
{
    fixture f;
    tests::started following{f.io, f.follow()};
    f.there.close();
    f.feed.publish("status", "1");
    f.feed.publish("status", "2");
    following.turn();
    f.feed.publish("status", "3");
    CHECK(following.comes_to_its_end());
}
