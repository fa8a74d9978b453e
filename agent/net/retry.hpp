#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_client.hpp"
#include "platform/clock.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace agent::net {

struct backoff {
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds longest{8'000};
    int attempts = 4;
    std::chrono::milliseconds total{30'000};  // no wait is begun that would end after this
};

/// A number in [0, 1), another one each time.
double random_fraction();

/// How long to wait after failed attempt number `attempt` (1, 2, ...). `random` is in
/// [0, 1): the wait is half fixed, half random, so that a thousand devices that lost the
/// same server do not come back together.
std::chrono::milliseconds delay_after(int attempt, const backoff& policy, double random);
/// The same where the server asked for `asked` (Retry-After; zero if it did not): not sooner than
/// it wishes, but for a day at most; longer each time, up to the policy's longest; and up to a
/// quarter of an hour later at random, so that a fleet that was told one moment does not come back
/// in it together.
std::chrono::milliseconds delay_after(
    int attempt, const backoff& policy, std::chrono::seconds asked, double random);

/// What a Retry-After header asks for: seconds, or a date (RFC 9110, section 10.2.3).
/// Nothing if it is neither; zero for a date in the past, and at most 68 years.
std::optional<std::chrono::seconds> parse_retry_after(
    std::string_view text, platform::timestamp now);

/// One failed attempt, for next_wait().
struct attempt {
    int number = 1;                      // 1, 2, ...
    std::chrono::milliseconds passed{};  // since the first began
    bool is_repeatable = true;
    unsigned status = 0;                                // of the answer; 0 if there was none
    failure_class kind = failure_class::nothing_to_do;  // why there was none
    std::optional<std::chrono::seconds> retry_after{};
};

/// How long to wait before the next attempt, or nothing if there should be none. A server's
/// Retry-After is a least wait. What is not repeatable is only tried again when the server
/// cannot have carried it out: it never arrived, or was turned away with 429 or 503.
std::optional<std::chrono::milliseconds> next_wait(
    const attempt& failed, const backoff& policy, double random);

/// exchange(), again and again as next_wait() says. Gives the last outcome.
task<http_response> exchange_with_retry(
    http_client& client, origin where, http_request request, backoff policy, platform::logger& log);

}  // namespace agent::net
