#include "platform/task_group.hpp"

#include "platform/timeout.hpp"
#include "platform/wake.hpp"
#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/this_coro.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using platform::task_group;

namespace {

/// Tidies up before it ends, and does not hear a cancellation meanwhile.
asio::awaitable<void> tidy(platform::wake& for_what, bool& is_tidy)
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await for_what.until_called();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    is_tidy = true;
    co_await platform::pause(1h);
}

}  // namespace

TEST_CASE(
    "what runs in a group ends with it, and the group knows how many there are", "[task_group]")
{
    asio::io_context io;
    task_group group{io.get_executor()};
    platform::wake bell;
    group.spawn(tests::wait_for(bell));
    group.spawn(tests::wait_for(bell));
    CHECK(group.size() == 2);
    tests::started ending{io, group.ended()};
    REQUIRE(ending.comes_to_its_end());
    CHECK(group.size() == 0);
    tests::started again{io, group.ended()};  // nothing is left to end
    CHECK(again.has_ended());
}

TEST_CASE("work that ends by itself is forgotten", "[task_group]")
{
    asio::io_context io;
    task_group group{io.get_executor()};
    platform::wake bell;
    group.spawn(tests::wait_for(bell));
    io.poll();
    bell.all();
    io.restart();
    io.poll();
    CHECK(group.size() == 0);
}

TEST_CASE("a bug in one is told, a cancellation is none", "[task_group]")
{
    asio::io_context io;
    task_group group{io.get_executor()};
    int failures = 0;
    group.on_failure([&failures](std::exception_ptr) { ++failures; });
    platform::wake bell;
    group.spawn(tests::wait_for(bell));
    group.spawn(tests::fail());
    io.poll();
    CHECK(failures == 1);
    CHECK(group.size() == 1);
    tests::started ending{io, group.ended()};
    REQUIRE(ending.comes_to_its_end());
    CHECK(failures == 1);
}

TEST_CASE("one that was tidying up is asked again", "[task_group]")
{
    asio::io_context io;
    task_group group{io.get_executor()};
    platform::wake bell;
    bool is_tidy = false;
    group.spawn(tidy(bell, is_tidy));
    tests::started ending{io, group.ended()};
    CHECK_FALSE(ending.has_ended());
    bell.all();
    REQUIRE(ending.comes_to_its_end());
    CHECK(is_tidy);
}
