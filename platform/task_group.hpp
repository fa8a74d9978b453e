#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <list>

namespace platform {

/// Coroutines that run beside each other and belong to somebody: they can be ended together, and
/// none outlives the group unseen. Must outlive what it runs.
class task_group {
public:
    explicit task_group(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    ~task_group() = default;
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;

    /// Begins `work`. An exception that is no cancellation goes to on_failure().
    void spawn(boost::asio::awaitable<void> work);
    /// Asks all to end.
    void cancel();
    /// Asks all to end, again and again, and waits until they have.
    boost::asio::awaitable<void> ended();

    std::size_t size() const { return running_.size(); }
    void on_failure(std::function<void(std::exception_ptr)> call) { on_failure_ = std::move(call); }

private:
    boost::asio::any_io_executor executor_;
    std::list<boost::asio::cancellation_signal> running_;
    std::function<void()> on_end_ = [] {};
    std::function<void(std::exception_ptr)> on_failure_ = [](std::exception_ptr) {};
};

}  // namespace platform
