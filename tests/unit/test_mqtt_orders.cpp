#include "agent/report/mqtt_orders.hpp"

#include "tests/support/catch.hpp"

using agent::report::mqtt_orders;
using namespace std::chrono_literals;

TEST_CASE("a refused subscription is tried again, ever more rarely", "[mqtt_orders]")
{
    mqtt_orders orders{"esim/E/desired"};
    mqtt_orders::time_point now{1h};
    CHECK_FALSE(orders.due());
    CHECK(orders.refused(now));  // to be told
    CHECK(orders.due() == now + 2s);
    orders.asked();
    CHECK_FALSE(orders.due());
    CHECK_FALSE(orders.refused(now));
    CHECK(orders.due() == now + 4s);
    for (int i = 0; i < 100; ++i)
        orders.refused(now);
    CHECK(orders.due() == now + 300s);
}

TEST_CASE("orders are what comes to that very topic, each once", "[mqtt_orders]")
{
    mqtt_orders orders{"esim/E/desired"};
    orders.keep("esim/E/desired", "1");
    orders.keep("esim/E/desired/more", "2");
    orders.keep("esim/F/desired", "3");
    orders.keep("esim/E/desired", "");  // withdrawn
    CHECK(orders.take() == std::vector<std::string>{"1", ""});
    CHECK(orders.take().empty());
}

TEST_CASE("an order that is too long stays too long, and takes no more memory", "[mqtt_orders]")
{
    mqtt_orders orders{"t"};
    orders.keep("t", std::string(1'000'000, 'x'));
    CHECK(orders.take().front().size() == 4097);
}
