#include "platform/timeout.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace asio = boost::asio;

namespace platform {

asio::awaitable<bool> end_in_time(asio::awaitable<void> work, std::chrono::milliseconds limit)
{
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, limit};
    auto both = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(work), asio::deferred),
        timer.async_wait(asio::deferred));

    // wait_for_one, not `work || timer`: `||` waits for one to *succeed*,
    // so an exception would come out as a time-out, and late.
    auto outcome =
        co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);

    // The work may have taken the end of its wait for an answer, e.g. "connection closed".
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);

    auto& finish_order = std::get<0>(outcome);
    auto& exception = std::get<1>(outcome);
    auto& timer_error = std::get<2>(outcome);
    if (finish_order[0] == 1 && !timer_error)
        co_return false;
    if (exception)
        std::rethrow_exception(exception);
    co_return true;
}

asio::awaitable<void> pause(std::chrono::milliseconds time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace platform
