#include "platform/run_to_end.hpp"

#include "platform/wake.hpp"
#include "tests/support/started.hpp"

#include "tests/support/catch.hpp"

namespace asio = boost::asio;

namespace {

platform::task<int> answer(platform::wake* for_what)
{
    if (for_what != nullptr)
        co_await for_what->until_called();
    co_return 42;
}

struct seen {
    std::optional<int> value{};
    bool is_interrupted = false;
    bool has_tidied_up = false;
};

asio::awaitable<void> work_and_tidy(platform::wake* for_what, platform::wake& tidying, seen& into)
{
    auto ending = co_await platform::run_to_end(answer(for_what));
    into.is_interrupted = static_cast<bool>(ending->interruption);
    if (ending->value)
        into.value = **ending->value;
    co_await tidying.until_called();
    into.has_tidied_up = true;
}

}  // namespace

TEST_CASE("work that ends gives its value", "[run_to_end]")
{
    asio::io_context io;
    platform::wake tidying;
    seen got;
    tests::started running{io, work_and_tidy(nullptr, tidying, got)};
    CHECK(got.value == 42);
    CHECK_FALSE(got.is_interrupted);
    running.cancel();  // afterwards the caller can be cancelled as ever
    CHECK(running.was_cancelled());
    CHECK_FALSE(got.has_tidied_up);
}

TEST_CASE("who is interrupted may tidy up undisturbed", "[run_to_end]")
{
    asio::io_context io;
    platform::wake never;
    platform::wake tidying;
    seen got;
    tests::started running{io, work_and_tidy(&never, tidying, got)};
    running.cancel();
    CHECK(got.is_interrupted);
    CHECK_FALSE(running.has_ended());
    running.cancel();
    CHECK_FALSE(running.has_ended());
    tidying.all();
    REQUIRE(running.comes_to_its_end());
    CHECK(got.has_tidied_up);
    CHECK_FALSE(got.value);
}
