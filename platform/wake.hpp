#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <vector>

namespace platform {

/// What coroutines of one loop wait for until another one calls: no polling.
class wake {
public:
    wake() = default;
    ~wake() = default;
    wake(const wake&) = delete;
    wake& operator=(const wake&) = delete;

    /// Wakes all who wait now.
    void all();
    /// Waits for the next all(). Cancelling the caller throws operation_aborted.
    boost::asio::awaitable<void> until_called();
    /// The same, until `limit` at the longest; true if it was called.
    boost::asio::awaitable<bool> until_called(std::chrono::milliseconds limit);

private:
    boost::asio::awaitable<bool> wait_until(std::chrono::steady_clock::time_point end);

    std::vector<boost::asio::steady_timer*> waiting_;
};

}  // namespace platform
