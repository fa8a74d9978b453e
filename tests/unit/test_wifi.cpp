#include "agent/kiosk/wifi.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

using namespace agent::kiosk;

namespace {

std::string code_of(const std::string& ssid, const std::string& password)
{
    wifi network;
    network.ssid = ssid;
    network.password = platform::secret(password);
    return std::string(to_code(network).reveal());
}

}  // namespace

TEST_CASE("a network is what phones' cameras join", "[wifi]")
{
    CHECK(code_of("Guests", "open sesame") == "WIFI:T:WPA;S:Guests;P:open sesame;;");
    CHECK(code_of("Guests", "") == "WIFI:T:nopass;S:Guests;;");
}

TEST_CASE("what separates the parts of the code is escaped in them", "[wifi]")
{
    CHECK(code_of(R"(a;b,c:d"e\f)", "12;34:56\\78")
          == R"(WIFI:T:WPA;S:a\;b\,c\:d\"e\\f;P:12\;34\:56\\78;;)");
}

TEST_CASE("a passphrase that no network has is refused, with its file's name", "[wifi]")
{
    tests::temporary_directory files;
    auto password = GENERATE(std::string("short"), std::string(64, 'x'));
    auto bad = read_wifi("Guests", files.write("wifi", password));
    REQUIRE_FALSE(bad);
    CHECK(bad.error().message().find("8 to 63") != std::string::npos);
    CHECK(bad.error().message().find(password) == std::string::npos);
    auto good = read_wifi("Guests", files.write("good", "12345678\n"));
    REQUIRE(good);
    CHECK(good->password.reveal() == "12345678");
    CHECK(read_wifi("Guests", "")->password.empty());
    CHECK_FALSE(read_wifi("Guests", files.path() + "/none"));
}
