#include "agent/lpa/tlv.hpp"

#include "agent/lpa/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent::lpa;
using platform::from_hex, platform::to_hex;

TEST_CASE("a TLV is read with its tag, its value and all of it", "[tlv]")
{
    bytes data = *from_hex("BF3E035C015A00");
    tlv read = read_tlv(data).value();
    CHECK(read.tag == 0xbf3e);
    CHECK(to_hex(read.value) == "5C015A");
    CHECK(to_hex(read.whole) == "BF3E035C015A");
    CHECK(read.is_constructed());
    CHECK(to_hex(child(read, 0x5c).value().value) == "5A");
    CHECK_FALSE(child(read, 0x5a));
    CHECK(read_tlvs(data).error() == errc::malformed_tlv);  // "00" is half of one
}

TEST_CASE("lengths of one to four octets are read and written in the shortest way", "[tlv]")
{
    auto [size, head] =
        GENERATE(table<std::size_t, std::string>({{0, "8000"}, {127, "807F"}, {128, "808180"},
            {255, "8081FF"}, {256, "80820100"}, {65535, "8082FFFF"}, {65536, "8083010000"}}));
    bytes made = make_tlv(0x80, bytes(size, 7));
    CHECK(to_hex(made).substr(0, head.size()) == head);
    CHECK(read_only_tlv(made, 0x80).value().value.size() == size);
}

TEST_CASE("what is no TLV is refused", "[tlv]")
{
    std::string wrong = GENERATE("", "BF", "BF80808001", "80", "8080", "8081", "8085000000000100",
        "8084FFFFFFFF", "8002FF", "30820100");
    CAPTURE(wrong);
    CHECK(read_tlv(*from_hex(wrong)).error() == errc::malformed_tlv);
}

TEST_CASE("lengths in more octets than they need are read, and kept as they are", "[tlv]")
{
    auto [text, size] = GENERATE(table<std::string, std::size_t>(
        {{"80810101", 1}, {"8082000201FF", 2}, {"808400000001AA", 1}, {"808100", 0}}));
    bytes data = *from_hex(text);
    auto read = read_only_tlv(data, 0x80).value();
    CHECK(read.value.size() == size);
    CHECK(to_hex(read.whole) == text);  // what is signed is passed on as it came
}

TEST_CASE("a number that is never negative is read without its leading zero, too", "[tlv]")
{
    auto number = [](const char* text) {
        bytes data = *from_hex(text);
        return plain_unsigned_in(read_tlv(data).value());
    };
    CHECK(number("800180") == 128U);
    CHECK(number("8002FF01") == 0xff01U);
    CHECK(number("80020080") == 128U);
    CHECK(number("800101") == 1U);
    CHECK_FALSE(number("8000"));
}

TEST_CASE("a row of TLVs is checked all the way down, to a depth", "[tlv]")
{
    CHECK(check_tlvs(*from_hex("300480020102")));
    CHECK_FALSE(check_tlvs(*from_hex("300480030102")));
    bytes deep = *from_hex("0500");
    for (int i = 0; i < deepest_tlv - 1; ++i)
        deep = make_tlv(0x30, deep);
    CHECK(check_tlvs(deep));
    CHECK_FALSE(check_tlvs(make_tlv(0x30, deep)));
}

TEST_CASE("only the TLV that is expected is taken, with nothing behind it", "[tlv]")
{
    CHECK(read_only_tlv(*from_hex("5A0101"), 0x5a));
    CHECK_FALSE(read_only_tlv(*from_hex("5A0101"), 0x5b));
    CHECK_FALSE(read_only_tlv(*from_hex("5A010100"), 0x5a));
}

TEST_CASE("numbers are read from and written as INTEGER octets", "[tlv]")
{
    auto [number, octets] = GENERATE(table<std::uint64_t, std::string>({{0, "00"}, {127, "7F"},
        {128, "0080"}, {255, "00FF"}, {256, "0100"}, {32767, "7FFF"}, {32768, "008000"}}));
    CHECK(to_hex(integer_octets(number)) == octets);
    bytes made = make_tlv(0x80, integer_octets(number));
    CHECK(unsigned_in(read_tlv(made).value()) == number);
    std::string wrong =
        GENERATE("8000", "8001FF", "8009FF0000000000000000", "80080000000000000000");
    auto read = unsigned_in(read_tlv(*from_hex(wrong)).value());
    CHECK((wrong == "80080000000000000000" ? read == 0U : !read));
}
