#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/client.hpp"

#include <chrono>
#include <map>
#include <string>

namespace agent::kiosk {

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

/// The customer that a visitor means, and which eSIM, if the visitor said so.
struct found_customer {
    std::string uid{};
    std::string named{};
};

/// The customer an order reference (a purchase id), a customer UID, an ICCID or an e-mail address
/// belongs to. Fails with net::errc::not_found if nobody's, or several customers'.
task<found_customer> find_customer(gigastore::client& api, std::string text, bool takes_email);

}  // namespace agent::kiosk
