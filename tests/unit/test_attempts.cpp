#include "agent/web/attempts.hpp"

#include "tests/support/catch.hpp"

using namespace agent::web;
using namespace std::chrono_literals;

TEST_CASE("a visitor has five attempts, then one every twenty seconds", "[attempts]")
{
    attempts tries;
    attempts::time_point now{1h};
    for (int i = 0; i < 5; ++i)
        CHECK(tries.take(now));
    CHECK_FALSE(tries.take(now));
    CHECK_FALSE(tries.take(now + 19s));
    CHECK(tries.take(now + 20s));
    CHECK_FALSE(tries.take(now + 39s));
    CHECK(tries.take(now + 40s));
    for (int i = 0; i < 5; ++i)
        CHECK(tries.take(now + 1h));
    CHECK_FALSE(tries.take(now + 1h));
}

TEST_CASE(
    "a visitor's attempts are spent by nobody else, and all together are bounded", "[attempts]")
{
    visitors tries;
    visitors::time_point now{1h};
    for (int i = 0; i < 5; ++i)
        CHECK(tries.take("192.0.2.1", now));
    for (int i = 0; i < 1'000; ++i)
        CHECK_FALSE(tries.take("192.0.2.1", now));
    CHECK(tries.take("192.0.2.2", now));
    // Who guesses from many addresses gets no further.
    int taken = 0;
    for (int i = 0; i < 5'000; ++i)
        taken += tries.take("2001:db8:0:" + std::to_string(i) + "::/64", now) ? 1 : 0;
    CHECK(taken == 44);
    CHECK(tries.take("192.0.2.3", now + 1h));
}
