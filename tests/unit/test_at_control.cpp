#include "platform/at/at_control.hpp"

#include "tests/support/catch.hpp"

using namespace platform;
using namespace platform::at;

TEST_CASE("registration is read from an answer and from an unasked line", "[at]")
{
    CHECK(state_in("0,1") == registration_state::home);
    CHECK(state_in("2,5,\"00A1\",\"01B2C3D4\",7") == registration_state::roaming);
    CHECK(state_in("1") == registration_state::home);
    CHECK(state_in("0,0") == registration_state::none);
    CHECK(state_in("0,2") == registration_state::searching);
    CHECK(state_in("0,3") == registration_state::denied);
    CHECK(state_in("0,6") == registration_state::home);
    CHECK(state_in("0,7") == registration_state::roaming);
    CHECK(state_in("0,4") == registration_state::unknown);
    CHECK_FALSE(state_in(""));
    CHECK_FALSE(state_in("x"));
}

TEST_CASE("the ICCID is read from EF-ICCID, its digits swapped in pairs", "[at]")
{
    CHECK(iccid_in("144,0,\"98990901000000400270\"") == "89999010000000042007");
    CHECK(iccid_in("144,0,\"989909010000004002F7\"") == "8999901000000004207");
    CHECK(iccid_in("106,130,\"\"").empty());
    CHECK(iccid_in("144,0,\"98ZZ\"").empty());
    CHECK(iccid_in("").empty());
}

TEST_CASE("the APN is that of the first context", "[at]")
{
    CHECK(first_apn_in(R"(1,"IP","internet","0.0.0.0",0,0)") == "internet");
    CHECK(first_apn_in(R"(1,"IPV4V6","",,0,0)") == "");
    CHECK(first_apn_in(R"(1,"IP")") == "");
    CHECK_FALSE(first_apn_in(R"(2,"IPV4V6","ims","",0,0)"));
    CHECK_FALSE(first_apn_in(R"(12,"IP","x")"));
    CHECK_FALSE(first_apn_in(""));
}

TEST_CASE("the network's name is what stands in quotation marks", "[at]")
{
    CHECK(network_in("0,0,\"Sandbox Mobile\",7") == "Sandbox Mobile");
    CHECK(network_in("0,2,\"26201\"") == "26201");
    CHECK(network_in("0").empty());
    CHECK(network_in("0,0,\"a\x1b[31m\"").find('\x1b') == std::string::npos);
}
