#include "tests/fleet/simulation.hpp"

#include "agent/net/retry.hpp"
#include "agent/provision/schedule.hpp"
#include "agent/report/courier.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <random>

namespace fleet {
namespace {

using namespace agent;
using traffic = scenario::traffic;

constexpr int agents = 10'000;
constexpr milliseconds outage_begins = std::chrono::hours(8);
constexpr milliseconds outage_ends = std::chrono::hours(9);
constexpr milliseconds end = std::chrono::hours(18);
constexpr milliseconds window = seconds(10);
constexpr std::size_t windows_a_minute = 6;
constexpr std::size_t least_windows = 5 * windows_a_minute;

/// One agent's clockwork: what it does after an answer, and when.
class device {
public:
    /// Asks Gigastore again and again: for an eSIM that it waits for, or whether all is well.
    milliseconds after_look(const answer& got, bool is_waiting, milliseconds now, double random)
    {
        if (got.status == 200) {
            attempts_ = {};
            schedule_.succeeded(provision::step::ask_gigastore);
            return schedule_.rested(is_waiting, random);
        }
        if (attempts_.number == 1)
            first_at_ = now;
        attempts_.passed = now - first_at_;
        attempts_.status = got.status;
        attempts_.kind = failure_class::may_pass;
        attempts_.retry_after = got.retry_after;
        if (auto wait = net::next_wait(attempts_, {}, random)) {
            ++attempts_.number;
            return *wait;
        }
        attempts_ = {};
        return schedule_.failed(provision::step::ask_gigastore, failure_class::may_pass, random,
            got.retry_after.value_or(seconds(0)));
    }

    /// Brings one report, or connects to a broker; nothing once that is done.
    std::optional<milliseconds> after_delivery(const answer& got, double random)
    {
        if (got.status == 200)
            return std::nullopt;
        return net::delay_after(
            ++failures_, report::report_backoff(), got.retry_after.value_or(seconds(0)), random);
    }

    bool has_failed = false;  // in the outage, and was not served since

private:
    provision::schedule schedule_{provision::pace{}};
    net::attempt attempts_{};
    milliseconds first_at_{};
    int failures_ = 0;
};

/// When an agent asks for the first time: a fleet does not begin all at once, and a waiting one has
/// begun not long before.
milliseconds first_request(traffic of, double random)
{
    if (of == traffic::connections)
        return outage_begins;  // which all of them see end in the same moment
    if (of == traffic::reports)
        return outage_begins
               + std::chrono::duration_cast<milliseconds>((outage_ends - outage_begins) * random);
    constexpr milliseconds ordered_within = std::chrono::minutes(5);
    auto earliest = of == traffic::waiting ? outage_begins - ordered_within : milliseconds(0);
    auto latest = of == traffic::waiting ? outage_begins : milliseconds(std::chrono::hours(6));
    return earliest + std::chrono::duration_cast<milliseconds>((latest - earliest) * random);
}

class world {
public:
    explicit world(const scenario& what) : what_(what), devices_(agents)
    {
        for (int i = 0; i < agents; ++i)
            due_.push({first_request(what.of, chance()), i});
    }

    recovery run()
    {
        while (!due_.empty() && due_.top().at < end && !is_over()) {
            request one = due_.top();
            due_.pop();
            take(one);
        }
        auto last = (last_served_ - outage_ends) / window + 1;
        out_.in_ten_seconds.resize(static_cast<std::size_t>(last));
        return std::move(out_);
    }

private:
    struct request {
        milliseconds at{};
        int who = 0;
        bool operator<(const request& other) const { return at > other.at; }  // the next first
    };

    double chance() { return std::uniform_real_distribution{}(random_); }

    bool is_over() const { return due_.top().at > outage_ends && failing_ == 0; }

    void take(const request& one)
    {
        bool is_out = one.at >= outage_begins && one.at < outage_ends;
        answer got = is_out ? what_.fails(outage_ends - one.at) : answer{};
        device& who = devices_[static_cast<std::size_t>(one.who)];
        if (is_out && !std::exchange(who.has_failed, true))
            ++failing_;
        if (one.at >= outage_ends)
            note_recovery(one, who);
        std::optional<milliseconds> next =
            what_.of == traffic::waiting || what_.of == traffic::settled
                ? who.after_look(got, what_.of == traffic::waiting, one.at, chance())
                : who.after_delivery(got, chance());
        if (next)
            due_.push({one.at + *next, one.who});
    }

    void note_recovery(const request& one, device& who)
    {
        auto which = static_cast<std::size_t>((one.at - outage_ends) / window);
        if (out_.in_ten_seconds.size() <= which)
            out_.in_ten_seconds.resize(which + 1);
        ++out_.in_ten_seconds[which];
        if (!std::exchange(who.has_failed, false))
            return;
        --failing_;
        ++out_.served;
        last_served_ = one.at;
    }

    const scenario& what_;
    std::vector<device> devices_;
    std::priority_queue<request> due_{};
    std::mt19937 random_{20'260'101};
    int failing_ = 0;
    milliseconds last_served_{outage_ends};
    recovery out_{};
};

}  // namespace

std::vector<int> recovery::per_minute() const
{
    std::vector<int> out((in_ten_seconds.size() + windows_a_minute - 1) / windows_a_minute);
    for (std::size_t i = 0; i < in_ten_seconds.size(); ++i)
        out[i / windows_a_minute] += in_ten_seconds[i];
    return out;
}

double recovery::peak_over_mean() const
{
    double all = std::accumulate(in_ten_seconds.begin(), in_ten_seconds.end(), 0.0);
    double mean = all / static_cast<double>(std::max(in_ten_seconds.size(), least_windows));
    return *std::ranges::max_element(in_ten_seconds) / mean;
}

recovery simulate(const scenario& what)
{
    return world(what).run();
}

}  // namespace fleet
