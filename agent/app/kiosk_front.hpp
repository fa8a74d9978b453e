#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/config/config.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/kiosk/display.hpp"
#include "agent/kiosk/kiosk.hpp"
#include "agent/report/outbox.hpp"
#include "platform/log.hpp"

namespace agent {

/// What people see and take of a kiosk: its sessions, page, display and printer. In builds with
/// ESIM_AGENT_KIOSK.
class kiosk_front {
public:
    kiosk_front(asio::any_io_executor executor, const config& settings, const web::brand& look,
        const kiosk::session_store_parts& with);

    /// Fails if it cannot listen, or the screen not be drawn on.
    result<void> open();
    asio::awaitable<void> run() { return kiosk_.run(); }
    /// Ends the sessions, and leaves the screen blank.
    asio::awaitable<void> end();

    kiosk::kiosk& page() { return kiosk_; }

private:
    task<void> print(print::receipt what, const print::language& in);

    std::string title_;
    std::string printer_;
    int paper_;
    kiosk::session_store sessions_;
    kiosk::kiosk kiosk_;
    std::unique_ptr<kiosk::display> display_;
};

}  // namespace agent
