#include "agent/net/retry.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <limits>
#include <random>

namespace agent::net {
namespace {

using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::seconds;

bool is_worth_repeating(const attempt& failed)
{
    bool was_turned_away = failed.status == 429 || (failed.status == 503 && failed.retry_after);
    if (failed.status == 0)
        return failed.kind == failure_class::may_pass;  // "unknown" is not
    if (!failed.is_repeatable)
        return was_turned_away;
    return failed.status == 429 || (failed.status >= 500 && failed.status != 501);
}

}  // namespace

double random_fraction()
{
    static std::mt19937 generator{std::random_device{}()};
    return std::uniform_real_distribution{}(generator);
}

milliseconds delay_after(int attempt, const backoff& policy, double random)
{
    int doublings = std::clamp(attempt - 1, 0, 20);
    auto full = std::min(policy.first * (1 << doublings), policy.longest);
    using real_milliseconds = std::chrono::duration<double, std::milli>;
    return full / 2 + duration_cast<milliseconds>(real_milliseconds(full / 2) * random);
}

milliseconds delay_after(int attempt, const backoff& policy, seconds asked, double random)
{
    constexpr seconds longest_patience{24 * 3600};
    constexpr seconds longest_spread{15 * 60};
    asked = std::min(asked, longest_patience);
    std::chrono::duration<double> spread = random * std::min(asked, longest_spread);
    backoff from_there = policy;
    from_there.first = std::max<milliseconds>(policy.first, asked);
    return std::max(
        delay_after(attempt, from_there, random), asked + duration_cast<milliseconds>(spread));
}

std::optional<seconds> parse_retry_after(std::string_view text, platform::timestamp now)
{
    bool is_number = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    if (is_number) {
        int number = 0;
        auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
        bool is_too_large = parsed.ec != std::errc{};
        return seconds(is_too_large ? std::numeric_limits<int>::max() : number);
    }
    std::tm utc{};
    std::string date(text);
    const char* rest = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    if (rest == nullptr || *rest != '\0')
        return std::nullopt;
    platform::timestamp until{seconds(::timegm(&utc))};
    return std::max(std::chrono::ceil<seconds>(until - now), seconds(0));
}

std::optional<milliseconds> next_wait(const attempt& failed, const backoff& policy, double random)
{
    if (failed.number >= policy.attempts || !is_worth_repeating(failed))
        return std::nullopt;
    auto asked = failed.retry_after.value_or(seconds(0));
    milliseconds wait = delay_after(failed.number, policy, asked, random);
    // Somebody who waits here is no fleet: there is time for what the server asked, if for no more.
    milliseconds left = policy.total - failed.passed;
    if (failed.retry_after && asked <= left)
        wait = std::min(wait, left);
    if (failed.passed + wait > policy.total)
        return std::nullopt;
    return wait;
}

task<http_response> exchange_with_retry(
    http_client& client, origin where, http_request request, backoff policy, platform::logger& log)
{
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    auto started = std::chrono::steady_clock::now();
    for (attempt current;; ++current.number) {
        http_request copy = request;
        auto answer = co_await client.exchange(where, std::move(copy));
        bool is_final = answer && answer->status < 400;
        if (is_final)
            co_return std::move(answer);
        current.passed = duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
        current.is_repeatable = request.is_repeatable;
        current.status = answer ? answer->status : 0;
        current.kind = answer ? failure_class::nothing_to_do : answer.error().kind();
        current.retry_after = std::nullopt;
        if (answer)
            current.retry_after =
                parse_retry_after((*answer)["Retry-After"], platform::read_clock().system);
        auto wait = next_wait(current, policy, random_fraction());
        if (!wait)
            co_return std::move(answer);
        log.info((answer ? "HTTP " + std::to_string(answer->status) : answer.error().message())
                 + "; trying again in " + std::to_string(wait->count()) + " ms");
        timer.expires_after(*wait);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace agent::net
