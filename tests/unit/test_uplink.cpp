#include "platform/uplink.hpp"

#include "tests/support/catch.hpp"

using platform::find_uplink, platform::uplink;

TEST_CASE("what runs on this device is reached without a network", "[uplink]")
{
    auto host = GENERATE("localhost", "127.0.0.1");
    CHECK(find_uplink(host, "") == uplink::present);
    CHECK(find_uplink(host, "wwan0") == uplink::present);
}

TEST_CASE("a way that leads through the modem alone is told apart", "[uplink]")
{
    CHECK(find_uplink("127.0.0.1", "lo") == uplink::only_modem);
}
