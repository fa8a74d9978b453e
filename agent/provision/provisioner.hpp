#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/lpa/download.hpp"
#include "agent/lpa/euicc.hpp"
#include "agent/lpa/journal.hpp"
#include "agent/lpa/smdp_access.hpp"
#include "agent/provision/card_gate.hpp"
#include "agent/provision/memory.hpp"
#include "agent/provision/next_step.hpp"
#include "agent/provision/status.hpp"
#include "agent/report/outbox.hpp"
#include "platform/log.hpp"
#include "platform/modem_control.hpp"
#include "platform/wake.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace agent::provision {

class headless_dialogue;

struct provisioner_settings {
    policy allowed{};
    wanted configured{};
    std::string gigastore_host{};   // whose route is the uplink
    std::string modem_interface{};  // see platform::find_uplink
    std::string directory{};        // where provisioning files are dropped; empty: nowhere
    std::chrono::seconds poll{21'600};
    std::chrono::seconds pending_poll{20};
    std::chrono::seconds registration_limit{180};
    double low_balance_megabytes = 100;
    std::chrono::hours expiry_notice{72};
};

/// What the provisioner works with. All outlive it; `card` and `modem` may be null.
struct provisioner_parts {
    gigastore::client& api;
    lpa::euicc* card = nullptr;
    lpa::smdp_access* servers = nullptr;
    lpa::journal* journal = nullptr;
    platform::modem_control* modem = nullptr;
    report::outbox& outbox;
    const memory_file& file;
    card_gate& gate;
    platform::logger& log;
};

/// Brings this device to "that customer's eSIM is installed and enabled", keeps it so, and
/// reports every stage: looks, asks next_step(), does that, and looks again.
class provisioner {
public:
    provisioner(provisioner_settings settings, provisioner_parts with);

    /// Until it is cancelled.
    asio::awaitable<void> run();

    /// Looks at card and Gigastore again, now.
    void look_again();
    /// What is wanted from now on, instead of the configuration; durable. Takes up what was held
    /// or refused. Fails if it cannot be kept.
    result<void> order(wanted what);
    /// Whether an installation waits for a confirmation code.
    bool awaits_confirmation() const;
    /// The confirmation code that an installation waits for.
    result<void> confirm(platform::secret code);
    /// Somebody disabled or deleted this profile by hand: it stays so.
    void hold(const std::string& iccid);
    /// That of this device's wanted eSIM, whichever profile is enabled instead.
    void hold_ours() { hold(situation_.past.iccid); }
    bool holds_ours() const { return situation_.past.holds_ours(); }
    /// Somebody else had the card: what he changed is meant to stay.
    void was_lent();
    /// Somebody enabled it by hand.
    void unhold(const std::string& iccid);

    const status& now() const { return status_; }
    const situation& known() const { return situation_; }
    /// Called after each change of now().
    void on_change(std::function<void()> call) { on_change_ = std::move(call); }

private:
    task<void> perform(next what);
    /// Takes the card, opens it, does `work` and closes it again.
    task<void> with_card(std::string use, std::function<task<void>()> work);
    task<void> open_and(std::function<task<void>()> work);
    /// The same with the modem's control.
    task<void> with_modem(std::string use, std::function<task<void>()> work);
    task<void> look_at_card();
    task<void> ask_gigastore();
    task<void> download(std::string iccid);
    task<void> enable(std::string iccid);
    /// Until the modem has this profile and is on a network with it, or the limit.
    task<void> await_network(std::string iccid);
    task<void> query_modem(std::string iccid, bool& is_refreshed);
    task<void> await_registration(std::string iccid);
    task<void> fall_back(std::string iccid);
    task<void> notify();
    task<void> send_notifications();
    task<void> load_profile(headless_dialogue& dialogue, activation_code code);
    task<void> remove_replaced(std::string iccid);
    /// What the card forbids is no failure that passes: it is remembered until the next look.
    result<void> unless_forbidden(result<void> done);

    void take_provisioning_files();
    void take_provisioning_file(const std::string& file);
    void settle_wanted();
    /// Once the eSIM is there its code is of no use, and must not rest on disk.
    void forget_confirmation_code();
    void forget_views();
    result<void> check_uplink() const;
    /// An uplink that stays while the modem's profile is changed.
    result<void> check_way_around_modem() const;
    /// Writes down which stages the card and Gigastore show, and reports the new ones.
    void report_what_is();
    void take_over_what_was_done_by_hand(const lpa::profile* there);
    void report_balance();
    void announce(const std::string& stage, boost::json::object more = {});
    void announce_failure(const failure& why);
    void forget_failures();
    std::string occasion() const;
    void begin_occasion(const std::string& iccid);
    void save();
    report::event make_event(const std::string& stage) const;
    void show(const std::string& doing, std::optional<int> percent = {});
    void show_trouble(const failure& why);
    std::chrono::milliseconds delay_after_failure(const failure& why);
    asio::awaitable<void> rest(next why);
    asio::awaitable<void> wait(std::chrono::milliseconds time);

    provisioner_settings settings_;
    provisioner_parts with_;
    situation situation_;
    status status_;
    platform::wake wake_;
    bool was_lent_ = false;
    bool is_stale_ = false;          // somebody asked to look again meanwhile
    std::optional<step> failing_{};  // which step failed last, and how often
    int failures_ = 0;
    int pending_polls_ = 0;
    std::function<void()> on_change_ = [] {};
};

}  // namespace agent::provision
