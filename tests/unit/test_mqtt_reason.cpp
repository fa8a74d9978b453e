#ifdef ESIM_AGENT_MQTT
#include "agent/report/mqtt_reason.hpp"

#include "agent/net/error.hpp"
#include "platform/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::report;

TEST_CASE("what a broker refuses is told apart, in MQTT 5 and in 3.1.1", "[mqtt]")
{
    // MQTT 5, 3.2.2.2; MQTT 3.1.1, 3.2.2.3.
    for (int credentials : {0x86, 0x87, 0x8a, 4, 5})
        CHECK(refused_by_broker(credentials, "x") == net::errc::credentials_refused);
    for (int client_id : {0x85, 2}) {
        failure why = refused_by_broker(client_id, "esim-1");
        CHECK(why == platform::errc::configuration);
        CHECK(why.detail().find("'esim-1'") != std::string::npos);
        CHECK(why.detail().find("client-id") != std::string::npos);
    }
    for (int trouble : {0x88, 0x89, 3})
        CHECK(refused_by_broker(trouble, "x") == net::errc::server_trouble);
}

TEST_CASE("the other version is worth a try where this one is refused, and only there", "[mqtt]")
{
    CHECK(is_about_version(0x84));
    CHECK(is_about_version(1));
    for (int other : {0, 2, 4, 5, 0x85, 0x86, 0x88})
        CHECK_FALSE(is_about_version(other));
}
#endif
