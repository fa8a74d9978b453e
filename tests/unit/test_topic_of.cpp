#ifdef ESIM_AGENT_MQTT
#include "agent/report/mqtt.hpp"

#include "tests/support/catch.hpp"

using namespace agent::report;

TEST_CASE("a topic has the device's and the report's own values", "[mqtt]")
{
    device_identity about;
    about.eid = "89049032123451234512345678901230";
    about.iccid = agent::iccid::from("89999010000000042007");
    about.customer_uid = "C1";
    CHECK(topic_of("esim/{eid}/status", about) == "esim/89049032123451234512345678901230/status");
    CHECK(topic_of("{uid}/{iccid}/{uid}", about) == "C1/89999010000000042007/C1");
    CHECK(topic_of("fixed", about) == "fixed");
}

TEST_CASE("what is not known yet is 'unknown', and no value is a level or a wildcard", "[mqtt]")
{
    CHECK(topic_of("esim/{eid}/{iccid}", {}) == "esim/unknown/unknown");
    device_identity hostile;
    hostile.customer_uid = "a/+/#";
    std::string topic = topic_of("esim/{uid}", hostile);
    CHECK(topic == "esim/a____");
}

TEST_CASE("a device has a name once it knows all that its name is made of", "[mqtt]")
{
    device_identity about;
    CHECK(is_complete("fixed", about));
    CHECK_FALSE(is_complete("esim-{eid}", about));
    CHECK_FALSE(is_complete("dev-{iccid}", about));
    about.eid = "89049032123451234512345678901230";
    CHECK(is_complete("esim-{eid}", about));
    CHECK_FALSE(is_complete("{eid}-{uid}", about));
    about.customer_uid = "C1";
    CHECK(is_complete("{eid}-{uid}", about));
}
#endif
