#include "agent/provision/assignment.hpp"

#include "agent/net/error.hpp"
#include "agent/net/retry.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::provision {

using std::chrono::seconds;

seconds next_ask(
    const gigastore::assignment& told, int vain, const assignment_pace& pace, double random)
{
    auto spread = [random](seconds most) {
        return seconds(static_cast<std::int64_t>(static_cast<double>(most.count()) * random));
    };
    if (told.poll) {
        constexpr seconds least{10};
        constexpr seconds longest{7 * 86'400};
        seconds wait = std::clamp(*told.poll, least, longest);
        constexpr int share = 10;
        return wait + spread(std::clamp(told.jitter.value_or(wait / share), seconds(0), longest));
    }
    constexpr int most_doublings = 20;
    int doublings = std::clamp(vain, 0, most_doublings);
    seconds wait = told.customer_uid.empty() ? std::min(pace.first * (1 << doublings), pace.usual)
                                             : pace.usual;
    return std::max(wait / 2 + spread(wait / 2), seconds(1));
}

asio::awaitable<void> follow_assignment(
    provisioner& by, gigastore::client& gateway, assignment_pace pace, platform::logger& log)
{
    std::string last_trouble;
    for (int vain = 0;; ++vain) {
        auto answer = co_await gateway.assignment(by.now().eid);
        gigastore::assignment told;
        if (answer)
            told = std::move(*answer);
        std::string trouble = answer ? std::string() : answer.error().message();
        if (!trouble.empty() && trouble != last_trouble)
            log.warning("the gateway does not say whose eSIM this device gets: " + trouble);
        last_trouble = trouble;
        if (!told.customer_uid.empty()) {
            vain = 0;
            wanted what;
            what.customer_uid = told.customer_uid;
            what.named = told.iccid;
            by.take_assigned(std::move(what));
        }
        seconds wait = next_ask(told, vain, pace, net::random_fraction());
        log.debug("the gateway is asked for its assignment again in " + std::to_string(wait.count())
                  + " s");
        co_await platform::pause(wait);
    }
}

}  // namespace agent::provision
