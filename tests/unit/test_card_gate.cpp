#include "agent/esim/card_gate.hpp"

#include "platform/euicc_channel.hpp"
#include "tests/support/run.hpp"
#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;
using agent::esim::card_gate;

namespace {

using lease = std::unique_ptr<card_gate::lease>;

asio::awaitable<void> take(card_gate& from, std::string use, lease& into)
{
    auto got = co_await from.take(std::move(use), 1h);
    if (got)
        into = std::move(*got);
}

}  // namespace

TEST_CASE("one at a time has the card, and tells what for", "[card_gate]")
{
    asio::io_context io;
    card_gate gate;
    CHECK_FALSE(gate.is_taken());
    lease first;
    lease second;
    tests::started one{io, take(gate, "installing an eSIM", first)};
    tests::started two{io, take(gate, "listing profiles", second)};
    CHECK(first);
    CHECK_FALSE(second);
    CHECK(gate.use() == "installing an eSIM");
    first.reset();
    two.turn();
    CHECK(second);
    CHECK(gate.use() == "listing profiles");
    second.reset();
    CHECK_FALSE(gate.is_taken());
    CHECK(gate.use().empty());
}

TEST_CASE("who waits too long is told who has it", "[card_gate]")
{
    asio::io_context io;
    card_gate gate;
    lease held = tests::run(io, gate.take("borrowed by a command", 1h)).value();
    auto late = tests::run(io, gate.take("asking the modem", 1ms));
    CHECK(late.error() == platform::channel_errc::busy);
    CHECK(late.error().kind() == platform::failure_class::busy);
    CHECK(late.error().detail().find("borrowed by a command") != std::string::npos);
}

TEST_CASE("who gives up waiting does not get the card", "[card_gate]")
{
    asio::io_context io;
    card_gate gate;
    lease held = tests::run(io, gate.take("first", 1h)).value();
    lease none;
    tests::started waiting{io, take(gate, "second", none)};
    waiting.cancel();
    held.reset();
    waiting.turn();
    CHECK_FALSE(none);
    CHECK_FALSE(gate.is_taken());
}
