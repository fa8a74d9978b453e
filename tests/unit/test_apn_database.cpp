#include "platform/apn_database.hpp"

#include "platform/error.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

using platform::find_access_point;

namespace {

const char* const database = R"(<?xml version="1.0"?>
<!DOCTYPE serviceproviders SYSTEM "serviceproviders.2.dtd">
<serviceproviders format="2.0">
<!-- <provider><name>Gone</name><gsm><network-id mcc="260" mnc="01"/><apn value="gone"/></gsm></provider> -->
<country code="pl">
  <provider>
    <name>Small One</name>
    <gsm><network-id mcc="260" mnc="01"/><apn value="small"><usage type="internet"/></apn></gsm>
  </provider>
  <provider primary="true">
    <name>Large</name>
    <gsm>
      <network-id mcc="260" mnc="01"/><network-id mcc="260" mnc="02"/>
      <apn value="mms"><usage type="mms"/></apn>
      <apn value="large"><usage type="internet"/><username> web </username><password>1&amp;1</password></apn>
      <apn value="later"><usage type="internet"/></apn>
    </gsm>
  </provider>
  <provider><name>CDMA</name><cdma><sid value="1"/></cdma></provider>
  <provider><name>Torn</gsm></provider>
</country>
<country code="us">
  <provider><name>Two</name><gsm><network-id mcc="310" mnc="15"/><apn value="two"/></gsm></provider>
  <provider><name>Three</name><gsm><network-id mcc="310" mnc="150"/><apn value="three"/></gsm></provider>
  <provider primary="true"><name>MMS</name><gsm><network-id mcc="311" mnc="10"/>
    <apn value="mms"><usage type="mms"/></apn></gsm></provider>
</country>
</serviceproviders>
)";

struct fixture {
    tests::temporary_directory files;
    std::string file = files.write("providers.xml", database);

    std::string apn_of(const std::string& imsi, const std::string& name = {}) const
    {
        auto found = find_access_point(file, imsi, name).value();
        return found ? found->apn : "";
    }
};

}  // namespace

TEST_CASE("the internet APN is that of the primary operator with the IMSI's code", "[apn_database]")
{
    fixture f;
    CHECK(f.apn_of("260010000042007") == "large");
    CHECK(f.apn_of("260020000042007") == "large");
    auto found = find_access_point(f.file, "260010000042007").value();
    REQUIRE(found);
    CHECK(found->user == "web");
    CHECK(found->password == "1&1");
}

TEST_CASE("an operator of the profile's name goes before the primary one", "[apn_database]")
{
    fixture f;
    CHECK(f.apn_of("260010000042007", "small one") == "small");
    CHECK(f.apn_of("260010000042007", "Nobody") == "large");
}

TEST_CASE("three digits of a network's code are more than two", "[apn_database]")
{
    fixture f;
    CHECK(f.apn_of("310150000000001") == "three");
    CHECK(f.apn_of("310159999999999") == "two");
}

TEST_CASE("nothing is guessed where nothing is known", "[apn_database]")
{
    fixture f;
    CHECK(f.apn_of("901280000000001").empty());
    CHECK(f.apn_of("").empty());
    CHECK(f.apn_of("311100000000001").empty());  // it has none to the internet
    CHECK(find_access_point("/nonexistent.xml", "26001").error() == platform::errc::configuration);
}

TEST_CASE(
    "an operator that does not fit into one piece of the file is read whole", "[apn_database]")
{
    fixture f;
    std::string padded = database;
    padded.insert(padded.find("<name>Large"), std::string(50'000, ' '));
    f.file = f.files.write("padded.xml", padded);
    CHECK(f.apn_of("260010000042007") == "large");
    CHECK(f.apn_of("310150000000001") == "three");
}
