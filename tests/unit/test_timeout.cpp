#include "platform/timeout.hpp"

#include "platform/error.hpp"
#include "platform/wake.hpp"
#include "tests/support/run.hpp"
#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> limited(
    asio::awaitable<void> work, std::chrono::milliseconds limit, std::optional<bool>& in_time)
{
    in_time = co_await platform::end_in_time(std::move(work), limit);
}

platform::task<int> answer(platform::wake* for_what)
{
    if (for_what != nullptr)
        co_await for_what->until_called();
    co_return 42;
}

}  // namespace

TEST_CASE("work that ends in time gives its value, work that does not is ended", "[timeout]")
{
    asio::io_context io;
    platform::failure too_late(platform::errc::output_stuck);
    auto soon = tests::run(io, platform::with_timeout(answer(nullptr), 1h, too_late));
    CHECK(soon.value() == 42);
    platform::wake never;
    auto late = tests::run(io, platform::with_timeout(answer(&never), 1ms, too_late));
    CHECK(late.error() == platform::errc::output_stuck);
}

TEST_CASE("an exception comes out at once, and not as a time-out", "[timeout]")
{
    asio::io_context io;
    std::optional<bool> in_time;
    tests::started failing{io, limited(tests::fail(), 1h, in_time)};
    CHECK(failing.has_ended());
    CHECK_FALSE(in_time);
    CHECK_FALSE(failing.was_cancelled());
}

TEST_CASE("cancelling the caller cancels the work", "[timeout]")
{
    asio::io_context io;
    platform::wake bell;
    std::optional<bool> in_time;
    tests::started waiting{io, limited(tests::wait_for(bell), 1h, in_time)};
    waiting.cancel();
    REQUIRE(waiting.comes_to_its_end());
    CHECK(waiting.was_cancelled());
    CHECK_FALSE(in_time);
}
