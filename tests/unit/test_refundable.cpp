#include "agent/gigastore/refundable.hpp"

#include "tests/support/catch.hpp"

using namespace agent::gigastore;
using namespace std::chrono_literals;

namespace {

const timestamp now = timestamp() + 500'000h;

activated_item some_item()
{
    activated_item out;
    out.balance.size = data_size{3, "GB"};
    out.balance.available = data_size{3072, "MB"};
    return out;
}

}  // namespace

TEST_CASE("a package that is whole can be refunded, running or not", "[refund]")
{
    activated_item item = some_item();
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::none);
    item.balance.activated_at = now - 1h;
    item.balance.expires_at = now + 1h;
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::none);
}

TEST_CASE("what was used, has expired or was refunded is not refunded", "[refund]")
{
    activated_item item = some_item();
    item.balance.available = data_size{3071, "MB"};
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::used);
    item.balance.activated_at = now - 2h;
    item.balance.expires_at = now - 1h;
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::expired);
    item.status = "REFUNDED";
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::refunded);
    CHECK(std::string(name_of(refund_obstacle::used)) == "used");
}

TEST_CASE("a size that nobody knows speaks against nothing", "[refund]")
{
    activated_item item = some_item();
    item.balance.available.reset();
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::none);
    item.balance.available = data_size{1, "furlongs"};
    CHECK(refund_obstacle_of(item, now) == refund_obstacle::none);
}
