#include "agent/provision/stuck_notifications.hpp"

#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "platform/euicc_channel.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::provision;

namespace {

constexpr std::int64_t day = 24 * 3600;

lpa::notification numbered(std::uint64_t sequence)
{
    lpa::notification out;
    out.sequence = sequence;
    out.address = "smdp.example";
    return out;
}

std::vector<lpa::delivery> attempt(std::uint64_t sequence, std::optional<failure> why_not)
{
    lpa::delivery out;
    out.about = numbered(sequence);
    out.why_not = std::move(why_not);
    return {out};
}

const failure refused(lpa::errc::order_problem);
const failure silent(net::errc::unreachable);
const failure no_card(platform::channel_errc::card_gone);

}  // namespace

TEST_CASE("a notification that its server refuses is set aside after a day", "[notifications]")
{
    auto stuck = stuck_after({}, attempt(4, refused), 1'000);
    CHECK_FALSE(is_set_aside(stuck, numbered(4), 1'000 + day - 1));
    stuck = stuck_after(stuck, attempt(4, refused), 5'000);
    CHECK(is_set_aside(stuck, numbered(4), 1'000 + day));
    CHECK_FALSE(is_set_aside(stuck, numbered(5), 1'000 + day));
}

TEST_CASE("one whose server cannot be reached is set aside after thirty days", "[notifications]")
{
    auto stuck = stuck_after({}, attempt(4, silent), 1'000);
    CHECK_FALSE(is_set_aside(stuck, numbered(4), 1'000 + 29 * day));
    CHECK(is_set_aside(stuck, numbered(4), 1'000 + 30 * day));
}

TEST_CASE(
    "the card's own trouble counts for nothing, and nothing is forgotten by it", "[notifications]")
{
    CHECK(stuck_after({}, attempt(4, no_card), 1'000).empty());
    auto stuck =
        stuck_after(stuck_after({}, attempt(4, refused), 1'000), attempt(4, no_card), 2'000);
    REQUIRE(stuck.size() == 1);
    CHECK(stuck[0].since == 1'000);
    CHECK(stuck[0].is_refused);
}

TEST_CASE("what was delivered, or is no longer on the card, is not stuck", "[notifications]")
{
    auto stuck = stuck_after({}, attempt(4, refused), 1'000);
    CHECK(stuck_after(stuck, attempt(4, {}), 2'000).empty());
    forget_gone(stuck, {numbered(4)});
    CHECK(stuck.size() == 1);
    forget_gone(stuck, {numbered(5)});
    CHECK(stuck.empty());
}

TEST_CASE("one that is set aside stays so while others are tried", "[notifications]")
{
    auto stuck = stuck_after({}, attempt(4, refused), 1'000);
    stuck = stuck_after(stuck, attempt(5, refused), 2 * day);
    CHECK(is_set_aside(stuck, numbered(4), 2 * day));
    CHECK_FALSE(is_set_aside(stuck, numbered(5), 2 * day));
}

TEST_CASE(
    "a clock that was set back sets nothing aside, and does not wait for ever", "[notifications]")
{
    auto stuck = stuck_after({}, attempt(4, refused), 100 * day);
    CHECK_FALSE(is_set_aside(stuck, numbered(4), 2 * day));
    stuck = stuck_after(stuck, attempt(4, refused), 2 * day);
    CHECK(is_set_aside(stuck, numbered(4), 3 * day));
}
