#include "platform/clock.hpp"
#include "platform/iso_time.hpp"

#include "tests/support/catch.hpp"

using namespace platform;
using namespace std::chrono_literals;

TEST_CASE("times are read with 0 to 9 fraction digits and printed back", "[iso_time]")
{
    CHECK(to_iso(*parse_time("2025-03-02T08:15:04Z")) == "2025-03-02T08:15:04.000000Z");
    CHECK(to_iso(*parse_time("2025-03-02T08:15:04.430Z")) == "2025-03-02T08:15:04.430000Z");
    CHECK(to_iso(*parse_time("2025-03-02T08:15:04.70211Z")) == "2025-03-02T08:15:04.702110Z");
    CHECK(to_iso(*parse_time("2025-03-02T08:15:04.123456789Z")) == "2025-03-02T08:15:04.123456Z");
    CHECK(to_iso(*parse_time("2024-02-29T23:59:60Z")) == "2024-03-01T00:00:00.000000Z");
    CHECK(to_iso(*parse_time("1969-12-31T23:59:59.5Z")) == "1969-12-31T23:59:59.500000Z");
}

TEST_CASE("times far away are times", "[iso_time]")
{
    CHECK(to_iso(*parse_time("9999-12-31T23:59:59.999999999Z")) == "9999-12-31T23:59:59.999999Z");
    CHECK(to_iso(*parse_time("0000-01-01T00:00:00Z")) == "0000-01-01T00:00:00.000000Z");
}

TEST_CASE("seconds that no calendar reaches are the end of the year 9999", "[iso_time]")
{
    constexpr std::int64_t largest = 9'007'199'254'740'992;
    auto end = platform::from_unix_seconds(largest);
    CHECK(platform::unix_seconds(end) == 253'402'300'799);
    CHECK(platform::unix_seconds(platform::from_unix_seconds(1'750'000'000)) == 1'750'000'000);
}

TEST_CASE("an offset is taken to UTC", "[iso_time]")
{
    CHECK(to_iso(*parse_time("2025-03-02T08:15:04+01:00")) == "2025-03-02T07:15:04.000000Z");
    CHECK(to_iso(*parse_time("2025-03-02T22:15:04-0330")) == "2025-03-03T01:45:04.000000Z");
}

TEST_CASE("what is no time is none", "[iso_time]")
{
    auto text = GENERATE("", "now", "2025-03-02", "2025-03-02T08:15Z", "2025-03-02T08:15:04",
        "2025-02-30T08:15:04Z", "2025-13-01T00:00:00Z", "2025-03-02T24:00:00Z",
        "2025-03-02T08:60:00Z", "2025-03-02T08:15:04.Z", "2025-03-02T08:15:04.1234567890Z",
        "2025-03-02T08:15:04ZZ", "2025-03-02T08:15:04+1", "2025-3-2T8:15:4Z",
        "+025-03-02T08:15:04Z", "1741594504");
    INFO(text);
    CHECK_FALSE(parse_time(text));
}

TEST_CASE("a date is a day that exists", "[iso_time]")
{
    CHECK(to_iso(*parse_date("2025-03-02")) == "2025-03-02T00:00:00.000000Z");
    auto text = GENERATE("", "2025-02-30", "2025-3-2", "20250302", "2025-03-02T00:00:00Z", "today");
    CHECK_FALSE(parse_date(text));
}

TEST_CASE("times have one width, so that they sort as text", "[iso_time]")
{
    // What failed once: "...20.9Z" sorts behind "...20.901773Z".
    auto first = *parse_time("2026-11-25T00:43:20.9Z");
    auto second = first + std::chrono::microseconds(1773);
    CHECK(to_iso(first).size() == to_iso(second).size());
    CHECK(to_iso(first) < to_iso(second));
    CHECK(to_iso(second) < to_iso(first + 1s));
    CHECK(to_iso(*parse_time("2026-11-25T00:43:20Z")) < to_iso(first));
}
