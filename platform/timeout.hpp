#pragma once

#include "platform/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>

namespace platform {

/// Runs `work` to its end, or until `limit`: then it is cancelled, and false given. Cancelling the
/// caller cancels the work, and throws operation_aborted.
boost::asio::awaitable<bool> end_in_time(
    boost::asio::awaitable<void> work, std::chrono::milliseconds limit);

/// Keeps in `into` what `work` gives. Asio's machinery for limits and interruption is large: so it
/// is made for void alone, and not for each type.
template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& into)
{
    into.emplace(co_await std::move(work));
}

/// Runs `operation`; gives `too_late` if it takes longer than `limit`.
/// Cancelling the caller cancels the operation, and throws operation_aborted.
template <class T>
task<T> with_timeout(task<T> operation, std::chrono::milliseconds limit, failure too_late)
{
    std::optional<result<T>> kept;
    bool is_in_time = co_await end_in_time(keep(std::move(operation), kept), limit);
    if (!is_in_time)
        co_return too_late;
    co_return std::move(*kept);
}

/// Lets time pass; cancelling ends it.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

}  // namespace platform
