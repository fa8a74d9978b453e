#include "agent/provision/schedule.hpp"

#include "agent/net/retry.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

using std::chrono::milliseconds;

bool needs_somebody(failure_class why)
{
    return why == failure_class::credentials || why == failure_class::usage
           || why == failure_class::configuration;
}

bool is_about_card(failure_class why)
{
    return why == failure_class::card || why == failure_class::busy
           || why == failure_class::wrong_state;
}

}  // namespace

void schedule::succeeded(step what)
{
    if (failing_ != what)
        return;
    failing_.reset();
    failures_ = 0;
}

milliseconds schedule::failed(
    step what, failure_class why, double random, std::chrono::seconds retry_after)
{
    if (failing_ != what)
        failures_ = 0;
    failing_ = what;
    ++failures_;
    if (needs_somebody(why))
        return settings_.poll;
    net::backoff policy;
    policy.first = std::chrono::seconds(5);
    if (why == failure_class::not_found)
        policy.first = settings_.pending_poll;
    policy.longest = is_about_card(why) ? std::chrono::minutes(5) : std::chrono::minutes(15);
    return net::delay_after(failures_, policy, retry_after, random);
}

milliseconds schedule::rested(bool is_pending, double random)
{
    failing_.reset();
    failures_ = 0;
    pending_looks_ = is_pending ? pending_looks_ + 1 : 0;
    constexpr int patient_looks = 15;
    milliseconds time = settings_.poll;
    if (is_pending) {
        int doublings = std::clamp(pending_looks_ - patient_looks, 0, 20);
        time = std::min(time, milliseconds(settings_.pending_poll) * (1 << doublings));
    }
    using real_milliseconds = std::chrono::duration<double, std::milli>;
    return std::chrono::duration_cast<milliseconds>(real_milliseconds(time) * (0.9 + 0.2 * random));
}

}  // namespace agent::provision
