#include "platform/wake.hpp"

#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"

#include <optional>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using platform::wake;

namespace {

asio::awaitable<void> wait(wake& for_what, int& woken)
{
    co_await for_what.until_called();
    ++woken;
}

asio::awaitable<void> wait_in_time(
    wake& for_what, std::chrono::milliseconds limit, std::optional<bool>& called)
{
    called = co_await for_what.until_called(limit);
}

}  // namespace

TEST_CASE("a call wakes all who wait, and nobody who comes later", "[wake]")
{
    asio::io_context io;
    wake bell;
    int woken = 0;
    tests::started one{io, wait(bell, woken)};
    tests::started two{io, wait(bell, woken)};
    CHECK(woken == 0);
    bell.all();
    one.turn();
    CHECK(woken == 2);
    tests::started three{io, wait(bell, woken)};
    CHECK_FALSE(three.has_ended());
    bell.all();
    three.turn();
    CHECK(woken == 3);
    bell.all();  // nobody is there
}

TEST_CASE("a limited wait says whether it was called", "[wake]")
{
    asio::io_context io;
    wake bell;
    std::optional<bool> called;
    tests::started late{io, wait_in_time(bell, 1ms, called)};
    REQUIRE(late.comes_to_its_end());
    CHECK(called == false);
    tests::started early{io, wait_in_time(bell, 1h, called)};
    bell.all();
    early.turn();
    CHECK(called == true);
}

TEST_CASE("who is cancelled while it waits is gone, and others still wake", "[wake]")
{
    asio::io_context io;
    wake bell;
    int woken = 0;
    tests::started one{io, wait(bell, woken)};
    tests::started two{io, wait(bell, woken)};
    one.cancel();
    CHECK(one.was_cancelled());
    bell.all();
    two.turn();
    CHECK(woken == 1);
}
