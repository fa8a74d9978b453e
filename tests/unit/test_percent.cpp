#include "agent/base/percent.hpp"

#include "tests/support/catch.hpp"

using agent::percent_decode, agent::percent_encode;

TEST_CASE("percent-encoding leaves only unreserved characters, and is undone", "[percent]")
{
    CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(percent_encode("a b/ü$") == "a%20b%2F%C3%BC%24");
    CHECK(percent_decode("a%20b%2fc") == "a b/c");
    CHECK(percent_decode("100%, %4, %zz") == "100%, %4, %zz");
}
