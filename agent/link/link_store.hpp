#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "platform/clock.hpp"
#include "platform/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agent::link {

using platform::timestamp;

/// A page for one customer's eSIM that was given away. Its address is known to nobody but whoever
/// got it: only the token's digest is kept.
struct customer_link {
    std::string id{};            // 8 hexadecimal digits: what staff call it
    std::string token_digest{};  // SHA-256, as hexadecimal digits
    std::string customer_uid{};
    std::string esim_uid{};
    agent::iccid iccid{};
    timestamp created_at{};
    timestamp code_until{};  // when it stops showing an activation code
    timestamp page_until{};  // when it ends
    std::optional<timestamp> opened_at{};
    bool is_shown = false;      // its code was shown, and that was reported
    bool is_installed = false;  // the same for the installed eSIM
};

/// A link that was just made. The token is in no file.
struct new_link {
    std::string id{};
    platform::secret token{};
};

/// True for what can be a token: 32 hexadecimal digits in upper case. Nothing else may come into a
/// page.
bool is_token(std::string_view text);

/// The links that were given away, in the state directory (links.json).
class link_store {
public:
    /// `most` is how many may be out at once.
    explicit link_store(const std::string& state_directory, std::size_t most = 10'000);

    /// Reads what was kept. Fails as platform::load_state() does.
    result<void> load();
    /// Makes a token, and keeps the link before it is given away. What has ended by then goes only
    /// where its place is needed: a clock that is ahead for a while must not end links. Fails with
    /// errc::no_room if there are too many, and as platform::save_state() does.
    result<new_link> add(customer_link what, timestamp now);
    /// The link of a token that has not ended by then; null if there is none. Looks the digest up,
    /// so that the time that it takes tells nothing about tokens.
    const customer_link* find(std::string_view token, timestamp now) const;
    /// Keeps what has changed in one; nothing happens if it was revoked meanwhile. If it cannot be
    /// written, it counts until the next start all the same.
    result<void> change(const customer_link& to);
    /// Ends the link of that id; false if there is none.
    result<bool> revoke(std::string_view id);
    /// Ends all; gives how many.
    result<std::size_t> revoke_all();

    const std::vector<customer_link>& all() const { return links_; }

private:
    result<void> take(std::vector<customer_link> next);

    std::string file_;
    std::size_t most_;
    std::vector<customer_link> links_{};  // in the order in which they were made
};

}  // namespace agent::link
