#pragma once

#include "agent/provision/announcer.hpp"
#include "agent/provision/memory.hpp"
#include "agent/provision/next_step.hpp"
#include "agent/provision/schedule.hpp"
#include "agent/provision/status.hpp"
#include "agent/provision/steps.hpp"
#include "platform/wake.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace agent::provision {

struct provisioner_settings {
    policy allowed{};
    wanted configured{};
    std::string directory{};  // where provisioning files are dropped; empty: nowhere
    provision::pace pace{};
    step_settings steps{};
};

/// Brings this device to "that customer's eSIM is installed and enabled", keeps it so, and
/// reports every stage: looks, asks next_step(), does that (perform()), and looks again when the
/// schedule says so.
class provisioner {
public:
    /// All outlive it.
    provisioner(
        provisioner_settings settings, device on, report::outbox& outbox, const memory_file& file);

    /// Reads what it remembers. Fails if that is there and cannot be read.
    result<void> load();
    /// Until it is cancelled.
    asio::awaitable<void> run();

    /// Looks at card and Gigastore again, now.
    void look_again();
    /// What is wanted from now on, instead of the configuration; durable. Takes up what was held
    /// or refused. Fails if it cannot be kept.
    result<void> order(wanted what);
    /// Takes an order from afar (parse_desired()), once: an older one, or the same again, is none.
    /// What is wrong with it is in the log and in now().
    void take_desired(std::string_view text);
    /// Takes what a gateway assigns, whenever it is another than the last: what somebody ordered
    /// here since stays otherwise.
    void take_assigned(wanted what);
    /// Whether an installation waits for a confirmation code.
    bool awaits_confirmation() const;
    /// The confirmation code that an installation waits for.
    result<void> confirm(platform::secret code);
    /// Somebody disabled or deleted that of this device's wanted eSIM by hand, whichever profile
    /// is enabled instead: it stays so.
    void hold_ours();
    bool holds_ours() const { return situation_.past.holds_ours(); }
    /// Somebody else had the card: what that changed is meant to stay.
    void was_lent();
    /// Somebody enabled it by hand.
    void unhold(const iccid& which);

    const status& now() const { return status_; }
    const situation& known() const { return situation_; }
    /// Called after each change of now().
    void on_change(std::function<void()> call) { on_change_ = std::move(call); }

private:
    void take_provisioning_files();
    void settle_wanted();
    /// Once the eSIM is there its code is of no use, and must not rest on disk.
    void forget_confirmation_code();
    void forget_views();
    void forget_network();
    /// Of the last order from afar that came to this card; 0: none did.
    std::int64_t version_taken() const;
    void take_over_what_was_done_by_hand();
    void announce_what_is();
    void show(const std::string& doing, std::optional<int> percent = {});
    void show_trouble(const failure& why);
    /// Brings now() up to date, and tells.
    void publish();
    asio::awaitable<void> step_once();
    asio::awaitable<void> take_step(next what);
    asio::awaitable<void> rest(next why);
    asio::awaitable<void> wait(std::chrono::milliseconds time);
    step_context context();

    provisioner_settings settings_;
    device on_;
    situation situation_;
    status status_;
    announcer reports_;
    schedule schedule_;
    platform::wake wake_;
    bool was_lent_ = false;
    bool is_outdated_ = false;  // somebody asked to look again meanwhile
    std::function<void()> on_change_ = [] {};
};

}  // namespace agent::provision
