#include "agent/link/recent_customers.hpp"

#include "agent/base/redact.hpp"
#include "agent/net/timeout.hpp"
#include "platform/euicc_channel.hpp"

#include <algorithm>

namespace agent::link {
namespace {

/// How long an answer counts: a page looks again after six seconds.
constexpr std::chrono::seconds known_for{5};
/// How long a reader waits before the page says that nobody knows.
constexpr std::chrono::seconds patience{10};
/// Questions to Gigastore at once.
constexpr std::ptrdiff_t most_asking = 16;

}  // namespace

void recent_customers::forget_old()
{
    auto now = steady_clock::now();
    std::erase_if(entries_,
        [now](const auto& each) { return each.second.answer && now - each.second.at > known_for; });
}

task<known_customer> recent_customers::get(std::string uid)
{
    forget_old();
    auto known = entries_.find(uid);
    while (known != entries_.end() && !known->second.answer) {
        co_await answered_.until_called();
        known = entries_.find(uid);
    }
    if (known != entries_.end())
        co_return *known->second.answer;
    auto is_asked = [](const auto& each) { return !each.second.answer; };
    if (std::ranges::count_if(entries_, is_asked) >= most_asking)
        co_return failure(platform::channel_errc::busy, "too many look at their pages at once");
    // Whatever ends the question, nobody waits for it for ever.
    struct question {
        recent_customers& of;
        std::string uid;
        question(recent_customers& in, std::string whose) : of(in), uid(std::move(whose))
        {
            of.entries_[uid];
        }
        ~question()
        {
            if (!of.entries_[uid].answer)
                of.entries_.erase(uid);
            of.answered_.all();
        }
        question(const question&) = delete;
        question& operator=(const question&) = delete;
    } asked(*this, uid);
    auto asking = api_.customer(uid);
    auto who = co_await net::with_timeout(std::move(asking), patience);
    entry& mine = entries_[uid];
    mine.at = steady_clock::now();
    if (who)
        mine.answer.emplace(std::make_shared<const gigastore::customer>(std::move(*who)));
    else {
        log_.warning("a customer's page: " + words_of(who.error()));
        mine.answer.emplace(who.error());
    }
    co_return *mine.answer;
}

}  // namespace agent::link
