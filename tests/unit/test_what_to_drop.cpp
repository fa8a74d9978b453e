#include "agent/report/what_to_drop.hpp"

#include "tests/support/catch.hpp"

using namespace agent::report;
using numbers = std::vector<std::uint64_t>;

namespace {

const agent::iccid first = agent::iccid::from("89999010000000042007");
const agent::iccid second = agent::iccid::from("89999010000000042015");

waiting_report one(std::uint64_t number, const agent::iccid& iccid, stage what = stage::enabled,
    std::size_t size = 100)
{
    waiting_report out;
    out.number = number;
    out.iccid = iccid;
    out.stage = what;
    out.size = size;
    return out;
}

}  // namespace

TEST_CASE("what fits stays", "[what_to_drop]")
{
    CHECK(what_to_drop({}, {}).empty());
    CHECK(what_to_drop({one(1, first), one(2, first)}, {.count = 2, .bytes = 200}).empty());
}

TEST_CASE("the oldest goes first, and room is made for the report of the loss", "[what_to_drop]")
{
    CHECK(what_to_drop({one(1, first), one(2, first), one(3, first), one(4, first)},
              {.count = 3, .bytes = 10'000})
          == numbers{1, 2});
}

TEST_CASE("the newest about each eSIM stays as long as anything else can go", "[what_to_drop]")
{
    CHECK(what_to_drop({one(1, second), one(2, first), one(3, first), one(4, first)},
              {.count = 3, .bytes = 10'000})
          == numbers{2, 3});
    // Packages say nothing about an eSIM: they do not make an older report of it worthless.
    CHECK(what_to_drop({one(1, first), one(2, first, stage::balance_low), one(3, second)},
              {.count = 2, .bytes = 10'000})
          == numbers{2});
}

TEST_CASE("a report of losses stays, and tells of more", "[what_to_drop]")
{
    CHECK(what_to_drop({one(1, {}, stage::dropped), one(2, first), one(3, first)},
              {.count = 2, .bytes = 10'000})
          == numbers{2});
}

TEST_CASE("octets count as reports do", "[what_to_drop]")
{
    CHECK(what_to_drop(
              {one(1, first, stage::enabled, 900), one(2, first)}, {.count = 100, .bytes = 500})
          == numbers{1});
}

TEST_CASE(
    "where nothing may go, the first goes; the one that was just added never", "[what_to_drop]")
{
    CHECK(
        what_to_drop({one(1, first), one(2, second)}, {.count = 1, .bytes = 10'000}) == numbers{1});
    CHECK(what_to_drop({one(7, first, stage::enabled, 5'000)}, {.count = 1, .bytes = 10}).empty());
}
