#include "agent/cli/output/progress.hpp"

#include "tests/support/catch.hpp"

using agent::cli::bar;

TEST_CASE("the bar shows percent and step, and is never wider than the terminal", "[progress]")
{
    CHECK(bar(0, "loading", 80) == "[                              ]   0 % loading");
    CHECK(bar(50, "loading", 80) == "[===============               ]  50 % loading");
    CHECK(bar(100, "loading", 80) == "[==============================] 100 % loading");
    CHECK(bar(250, "x", 80) == bar(100, "x", 80));
    CHECK(bar(-1, "x", 80) == bar(0, "x", 80));
    CHECK(bar(50, "loading the profile", 40) == "[==   ]  50 % loading the profile");
    CHECK(bar(50, "loading the profile", 20) == "[==   ]  50 % loadi");
}
