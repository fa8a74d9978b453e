#include "platform/wake.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace asio = boost::asio;

namespace platform {
namespace {

/// A timer's place on the list of those who wait; it ends with the scope, also where the
/// coroutine is destroyed while it waits.
class entry {
public:
    entry(std::vector<asio::steady_timer*>& list, asio::steady_timer& timer)
        : list_(list), timer_(&timer)
    {
        list_.push_back(timer_);
    }
    ~entry() { std::erase(list_, timer_); }
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

private:
    std::vector<asio::steady_timer*>& list_;
    asio::steady_timer* timer_;
};

}  // namespace

void wake::all()
{
    for (asio::steady_timer* each : waiting_)
        each->cancel();
}

asio::awaitable<bool> wake::wait_until(std::chrono::steady_clock::time_point end)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, end);
    entry listed(waiting_, timer);
    boost::system::error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    co_return ec == asio::error::operation_aborted;
}

asio::awaitable<void> wake::until_called()
{
    co_await wait_until(std::chrono::steady_clock::time_point::max());
}

asio::awaitable<bool> wake::until_called(std::chrono::milliseconds limit)
{
    co_return co_await wait_until(std::chrono::steady_clock::now() + limit);
}

}  // namespace platform
