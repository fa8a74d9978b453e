#include "platform/bytes.hpp"

#include "tests/support/catch.hpp"

using namespace platform;

TEST_CASE("octets and hexadecimal digits stand for each other", "[bytes]")
{
    CHECK(to_hex(bytes{0x00, 0x9f, 0xA0, 0xff}) == "009FA0FF");
    CHECK(from_hex("009fA0fF").value() == bytes{0x00, 0x9f, 0xa0, 0xff});
    CHECK(from_hex("").value().empty());
    std::string wrong = GENERATE("0", "0g", "0x00", " 00", "00 ", "é0");
    CHECK_FALSE(from_hex(wrong));
}
