#pragma once

#include "agent/gigastore/types.hpp"
#include "agent/net/event_feed.hpp"
#include "platform/secret.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace agent::kiosk {

using std::chrono::steady_clock;

enum class session_state { waiting, downloading, installed, failed };

/// One customer's eSIM on a screen: from the moment somebody opens it until it is installed, put
/// away, or its time is over. Then nothing of it is left.
struct session {
    std::string id{};          // 128 random bits; whoever knows it sees the code
    std::string report_key{};  // what tells its reports from others', without telling the id
    std::string customer_uid{};
    std::string esim_uid{};
    agent::iccid iccid{};
    std::string imsi{};
    platform::secret activation_code{};
    platform::secret link{};                     // a page for the customer's own phone; empty: none
    std::vector<gigastore::balance> packages{};  // the customer's: they belong to no eSIM
    std::optional<gigastore::data_size> total_balance{};
    session_state state = session_state::waiting;
    std::optional<int> percent{};  // of a download that is known of
    bool is_on_screen = false;     // of the kiosk itself
    bool is_online = false;        // somebody says that their phone has a network
    bool was_shown = false;        // its code was given to a screen
    steady_clock::time_point ends_at{};
    steady_clock::time_point checked_at{};  // when Gigastore last said how it stands
    std::chrono::seconds good_for{30};      // nobody knows any more, when that was longer ago
    bool was_unsure = false;
    // For the screens that show it, which may outlive it for a moment.
    std::shared_ptr<net::event_feed> changes = std::make_shared<net::event_feed>();

    /// True if nobody could say for a while whether the code is still good.
    bool is_unsure(steady_clock::time_point now) const { return now - checked_at > good_for; }
    bool shows_code(steady_clock::time_point now) const
    {
        bool may_scan = state == session_state::waiting || state == session_state::downloading;
        return may_scan && !is_unsure(now);
    }
};

const char* name_of(session_state state);

}  // namespace agent::kiosk
