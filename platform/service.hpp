#pragma once

#include "platform/result.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace platform {

// What a service says to whoever supervises it: one datagram each to $NOTIFY_SOCKET (sd_notify(3)).
// Without a supervisor nothing is said.

void notify_ready();
/// One line about what it does now, for `systemctl status`.
void notify_status(std::string_view line);
void notify_reloading();
void notify_stopping();
/// Still alive.
void pet_watchdog();

/// How often the supervisor wants to hear that it is alive (WatchdogSec=); nothing if it does not.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace platform
