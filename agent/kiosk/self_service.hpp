#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/client.hpp"

#include <chrono>
#include <string>

namespace agent::kiosk {

/// How often somebody may try: a few times at once, then one more every so often, whoever asks. A
/// screen has one visitor at a time, and who guesses must not go faster than a person types.
class attempts {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds refill{20};

    /// Takes an attempt; false if there is none left at that time.
    bool take(time_point now);

private:
    static constexpr int most = 5;

    int left_ = most;
    time_point since_{};
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
