#include "agent/net/error.hpp"
#include "agent/net/retry.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using namespace agent::net;

namespace {

const backoff policy{.first = 1s, .longest = 60s, .attempts = 4, .total = 100s};

platform::timestamp at(long seconds)
{
    return platform::timestamp{std::chrono::seconds(seconds)};
}

}  // namespace

TEST_CASE("the wait doubles from the first to the longest, half of it random", "[retry]")
{
    double most = 0.999999;
    CHECK(delay_after(1, policy, 0) == 500ms);
    CHECK(delay_after(2, policy, 0) == 1s);
    CHECK(delay_after(3, policy, 0) == 2s);
    CHECK(delay_after(1, policy, most) < 1s);
    CHECK(delay_after(1'000'000, policy, 0) == 30s);
    CHECK(delay_after(1'000'000, policy, most) < 60s);
}

TEST_CASE("what a server asks for is waited at least, longer each time, and spread", "[retry]")
{
    CHECK(delay_after(1, policy, 0s, 0) == 500ms);
    CHECK(delay_after(1, policy, 40s, 0) == 40s);
    CHECK(delay_after(1, policy, 40s, 0.5) == 60s);
    CHECK(delay_after(1, policy, 3600s, 0.5) == 3600s + 450s);  // by a quarter of an hour at most
    CHECK(delay_after(3, policy, 10s, 0.999999) > 39s);         // 10 s, 20 s, 40 s
    CHECK(delay_after(1, policy, 24h * 365, 0) == 24h);
}

TEST_CASE("Retry-After is seconds or a date", "[retry]")
{
    CHECK(parse_retry_after("120", at(0)) == 120s);
    CHECK(parse_retry_after("0", at(0)) == 0s);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", at(784111777 - 37)) == 37s);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", at(784111777 + 5)) == 0s);
    CHECK(parse_retry_after("99999999999999999999", at(0)) > 24h);  // long, and no garbage
    auto garbage = GENERATE("", "soon", "-1", "1.5", "12 s", "Sun, 06 Nov 1994 08:49:37 CET");
    CHECK_FALSE(parse_retry_after(garbage, at(0)));
}

namespace {

agent::failure_class kind_of(errc what)
{
    return agent::failure(what).kind();
}

}  // namespace

TEST_CASE("what may pass is tried again, what stands is not", "[retry]")
{
    auto transient = GENERATE(errc::unreachable, errc::timeout, errc::name_lookup);
    CHECK(next_wait({.kind = kind_of(transient)}, policy, 0) == 500ms);
    auto permanent = GENERATE(errc::tls, errc::clock, errc::malformed_answer, errc::outcome_unknown,
        errc::credentials_refused);
    CHECK_FALSE(next_wait({.kind = kind_of(permanent)}, policy, 0));
    auto busy = GENERATE(429u, 500u, 502u, 503u, 504u);
    CHECK(next_wait({.status = busy}, policy, 0) == 500ms);
    auto final = GENERATE(400u, 401u, 403u, 404u, 409u, 422u, 501u);
    CHECK_FALSE(next_wait({.status = final}, policy, 0));
}

TEST_CASE("attempts and time end the tries", "[retry]")
{
    CHECK(next_wait({.number = 3, .status = 503}, policy, 0));
    CHECK_FALSE(next_wait({.number = 4, .status = 503}, policy, 0));
    CHECK_FALSE(next_wait({.number = 1, .passed = 99'800ms, .status = 503}, policy, 0));
}

TEST_CASE("the server's Retry-After is a least wait", "[retry]")
{
    CHECK(next_wait({.status = 429, .retry_after = 7s}, policy, 0) == 7s);
    CHECK(next_wait({.status = 429, .retry_after = 0s}, policy, 0) == 500ms);
    CHECK_FALSE(next_wait({.status = 429, .retry_after = 3600s}, policy, 0));
    // Whoever waits here gets the server's time, and not more than there is.
    CHECK(next_wait({.status = 429, .retry_after = 60s}, policy, 0.9) == 100s);
    CHECK(next_wait({.passed = 30s, .status = 429, .retry_after = 60s}, policy, 0.9) == 70s);
    CHECK_FALSE(next_wait({.passed = 50s, .status = 429, .retry_after = 60s}, policy, 0));
}

TEST_CASE("what is not repeatable is tried again only if it was turned away", "[retry]")
{
    CHECK(next_wait({.is_repeatable = false, .kind = kind_of(errc::unreachable)}, policy, 0));
    CHECK(next_wait({.is_repeatable = false, .status = 429}, policy, 0));
    CHECK(next_wait({.is_repeatable = false, .status = 503, .retry_after = 1s}, policy, 0));
    CHECK_FALSE(next_wait({.is_repeatable = false, .status = 503}, policy, 0));
    CHECK_FALSE(next_wait({.is_repeatable = false, .status = 504}, policy, 0));
}
