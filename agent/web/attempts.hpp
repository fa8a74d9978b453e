#pragma once

#include <chrono>
#include <map>
#include <string>

namespace agent::web {

/// How often somebody may try: a few times at once, then one more every so often. Who guesses must
/// not go faster than a person types.
class attempts {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds refill{20};

    explicit attempts(int most = 5) : most_(most), left_(most) {}

    /// Takes an attempt; false if there is none left at that time.
    bool take(time_point now);
    /// True if it is as if nobody had ever tried.
    bool is_fresh(time_point now) const;

private:
    int most_;
    int left_;
    time_point since_{};
};

/// Each visitor's attempts, so that nobody spends another's; and all of them together, since who
/// guesses may have many addresses.
class visitors {
public:
    using time_point = attempts::time_point;

    /// Takes an attempt of that visitor; false if there is none left at that time.
    bool take(const std::string& visitor, time_point now);

private:
    static constexpr int together = 50;
    static constexpr std::size_t most_known = 1'000;

    std::map<std::string, attempts> known_;
    attempts all_{together};
};

}  // namespace agent::web
