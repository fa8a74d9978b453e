#include "platform/watch_clock.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("a clock that only went on was not set", "[clock]")
{
    auto before = std::chrono::system_clock::time_point(1'750'000'000s);
    CHECK(platform::set_by(before, before + 10s, 10s) == 0ms);
}

TEST_CASE("a clock that was set forward or back was, by that much", "[clock]")
{
    auto before = std::chrono::system_clock::time_point(1'750'000'000s);
    CHECK(platform::set_by(before, before + 3'610s, 10s) == 3'600s);
    CHECK(platform::set_by(before, before - 3'590s, 10s) == 3'600s);
}
