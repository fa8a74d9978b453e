#pragma once

#include "platform/wake.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <functional>
#include <stdexcept>
#include <utility>

namespace tests {

/// Waits until somebody calls.
inline boost::asio::awaitable<void> wait_for(platform::wake& call)
{
    co_await call.until_called();
}

/// Ends with an exception that is no cancellation.
inline boost::asio::awaitable<void> fail()
{
    throw std::runtime_error("a bug");
    co_return;
}

/// A coroutine that was started and goes on while the test looks at what happens. The loop runs
/// only in turn() and comes().
class started {
public:
    started(boost::asio::io_context& io, boost::asio::awaitable<void> work) : io_(io)
    {
        boost::asio::co_spawn(io, std::move(work),
            boost::asio::bind_cancellation_slot(stop_.slot(), [this](std::exception_ptr why) {
                has_ended_ = true;
                exception_ = std::move(why);
            }));
        turn();
    }
    /// Ends it, so that it does not outlive what it works with.
    ~started()
    {
        if (has_ended_)
            return;
        cancel();
        comes_to_its_end();
    }
    started(const started&) = delete;
    started& operator=(const started&) = delete;

    /// Does all that can be done without waiting.
    void turn()
    {
        io_.restart();
        io_.poll();
    }
    /// Lets the loop run until `is_so`, at most five seconds; false if it never is.
    bool comes(const std::function<bool()>& is_so)
    {
        for (int turns = 0; turns < 1'000 && !is_so(); ++turns) {
            io_.restart();
            io_.run_for(std::chrono::milliseconds(5));
        }
        return is_so();
    }
    bool comes_to_its_end()
    {
        return comes([this] { return has_ended_; });
    }
    void cancel()
    {
        stop_.emit(boost::asio::cancellation_type::terminal);
        turn();
    }

    bool has_ended() const { return has_ended_; }
    /// True if it ended by operation_aborted.
    bool was_cancelled() const
    {
        if (!exception_)
            return false;
        try {
            std::rethrow_exception(exception_);
        } catch (const boost::system::system_error& error) {
            return error.code() == boost::asio::error::operation_aborted;
        } catch (...) {
            return false;
        }
    }

private:
    boost::asio::io_context& io_;
    boost::asio::cancellation_signal stop_;
    bool has_ended_ = false;
    std::exception_ptr exception_{};
};

}  // namespace tests
