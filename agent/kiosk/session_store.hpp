#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/esim/fetch_order.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/kiosk/session.hpp"
#include "agent/report/outbox.hpp"
#include "platform/log.hpp"
#include "platform/task_group.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <list>
#include <string>

namespace agent::kiosk {

/// What the session store works with; all outlive it.
struct session_store_parts {
    gigastore::client& api;
    report::outbox& outbox;
    /// How far this device's own installation of an eSIM is; nothing if it installs another.
    std::function<std::optional<int>(const iccid& which)> progress{};
    /// A link to give away for an eSIM; none: there are none. It may be empty.
    std::function<platform::secret(const esim::order& what)> give_link{};
    platform::logger& log;
};

struct session_store_settings {
    std::chrono::seconds lasts{600};  // a session whose eSIM nobody installs
    std::chrono::seconds poll{3};     // between questions to Gigastore
    std::chrono::seconds thanks{90};  // after it was installed
    std::size_t most = 100;           // at once
};

/// When to ask Gigastore again after that many failures in a row, the last of which is `why`: not
/// before it said, and later each time. `random` is in [0, 1).
std::chrono::milliseconds wait_after(
    const failure& why, int failures, std::chrono::seconds poll, double random);

struct session_order {
    std::string customer_uid{};
    std::string named{};       // which of several: its ICCID or uid
    bool is_on_screen = true;  // the kiosk's own screen shows it
    bool replaces = true;      // whatever is on that screen, which somebody may be scanning
};

/// Where sessions are opened, followed and put away.
class session_store {
public:
    session_store(
        asio::any_io_executor executor, session_store_parts with, session_store_settings settings);

    /// Asks Gigastore and opens a session. Fails as client::customer() and choose() do, with
    /// choice_errc::none_installable if the eSIM was installed already, and with
    /// channel_errc::busy if there are too many, and errc::in_use if the screen shows another
    /// eSIM's code, and this may not replace it. Gives its id: see find().
    task<std::string> open(session_order what);
    /// Ends a session; false if there is none.
    bool end(const std::string& id);
    /// Somebody needs more time, to install it or to read what comes next.
    void extend(session& one) const;
    /// Somebody says whether their phone has a network.
    void set_online(session& one, bool is_online);
    /// Its code is on a screen: told to the fleet, once.
    void note_shown(session& one);

    session* find(std::string_view id);
    /// What the kiosk's own screen shows; null if nothing.
    session* on_screen();
    /// {"sessions": [...]}, without codes.
    boost::json::object to_json() const;

    /// Told whenever what the kiosk's own screen shows has changed.
    net::event_feed& screen() { return screen_; }
    void on_change(std::function<void()> call) { on_change_ = std::move(call); }

    /// Ends all sessions.
    asio::awaitable<void> ended();

private:
    asio::awaitable<void> follow(std::string id);
    asio::awaitable<void> keep_time(std::string id);
    void take(session& one, const gigastore::customer& who);
    void tell(session& one);
    void tell_screen();
    void report(const session& one, report::stage stage);

    session_store_parts with_;
    session_store_settings settings_;
    std::list<session> sessions_;
    bool is_closing_ = false;
    net::event_feed screen_;
    std::function<void()> on_change_ = [] {};
    platform::task_group tasks_;
};

/// {"id", "state", "iccid", "secondsLeft", "onScreen"}
boost::json::object to_json(const session& one);

}  // namespace agent::kiosk
