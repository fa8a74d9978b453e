#include "agent/base/iccid.hpp"

#include "tests/support/catch.hpp"

using agent::iccid;

TEST_CASE("an ICCID is 18 to 22 digits, whatever stands between and behind them", "[iccid]")
{
    CHECK(iccid::parse("89999010000000042007")->text() == "89999010000000042007");
    CHECK(iccid::parse("8999 9010 0000 0004 2007")->text() == "89999010000000042007");
    CHECK(iccid::parse("8999-9010-0000-0004-200")->text() == "8999901000000004200");
    CHECK(iccid::parse("8999901000000004200F")->text() == "8999901000000004200");
    CHECK(iccid::parse("899990100000000420ff")->text() == "899990100000000420");
    CHECK(iccid::parse("8999901000000004200712"));
    auto text = GENERATE("", "89", "89999010000000042", "89999010000000042007123",
        "8999901000000004200x", "8999A010000000042007", "FFFFFFFFFFFFFFFFFFFF",
        "\xef\xbb\xbf"
        "89999010000000042007");
    INFO(text);
    CHECK_FALSE(iccid::parse(text));
    CHECK(iccid::from(text).empty());
}

TEST_CASE("an ICCID with its check digit and without it names one profile", "[iccid]")
{
    iccid with = iccid::from("89999010000000042007");
    CHECK(with == iccid::from("8999901000000004200"));
    CHECK(iccid::from("8999901000000004200F") == with);
    CHECK_FALSE(with == iccid::from("899990100000000420"));
    CHECK_FALSE(with == iccid::from("89999010000000042008"));
    CHECK_FALSE(with == iccid());
    CHECK(iccid() == iccid());
}

TEST_CASE("a card codes an ICCID with swapped nibbles and a filler", "[iccid]")
{
    auto [digits, octets] =
        GENERATE(table<std::string, std::string>({{"89999010000000042007", "98990901000000400270"},
            {"8999901000000004200", "989909010000004002F0"},
            {"899990100000000042", "989909010000000024FF"}}));
    CHECK(platform::to_hex(iccid::from(digits).to_bcd()) == octets);
    CHECK(iccid::from_bcd(*platform::from_hex(octets)).text() == digits);
    CHECK(iccid().to_bcd().empty());
}

TEST_CASE("digits that are none stay, so that the card knows its profile again", "[iccid]")
{
    auto odd = platform::from_hex("98682000D00000000000");
    CHECK(iccid::from_bcd(*odd).text() == "898602000D0000000000");
    CHECK(iccid::from_bcd(*odd).to_bcd() == *odd);
    CHECK(iccid::from_bcd({}).empty());
}

TEST_CASE("logs and people see the ends of a number", "[iccid]")
{
    CHECK(iccid::from("89999010000000042007").last_four() == "2007");
    CHECK(iccid().last_four().empty());
    CHECK(agent::shortened("89049032123451234512345678901230") == "8904...1230");
    CHECK(agent::shortened("12345678") == "12345678");
    CHECK(agent::shortened("") == "");
}
