#include "agent/base/base64.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("base64 is the standard one, padded", "[base64]")
{
    CHECK(agent::to_base64("") == "");
    CHECK(agent::to_base64("f") == "Zg==");
    CHECK(agent::to_base64("fo") == "Zm8=");
    CHECK(agent::to_base64("foo") == "Zm9v");
    CHECK(agent::to_base64("\xfb\xff\xfe") == "+//+");
}
