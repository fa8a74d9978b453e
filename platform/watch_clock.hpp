#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>

namespace platform {

/// How far the system clock has been set since it stood at `before`, given how much later it is on
/// the steady clock; not negative.
std::chrono::milliseconds set_by(std::chrono::system_clock::time_point before,
    std::chrono::system_clock::time_point now, std::chrono::steady_clock::duration passed);

/// Calls `changed` whenever somebody sets the system clock by more than a minute
/// (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET), until it is cancelled. Wakes for nothing else.
boost::asio::awaitable<void> watch_clock(std::function<void()> changed);

}  // namespace platform
