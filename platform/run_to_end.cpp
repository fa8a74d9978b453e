#include "platform/run_to_end.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace asio = boost::asio;

namespace platform {

asio::awaitable<std::exception_ptr> shield(asio::awaitable<void> work, bool& is_interrupted)
{
    auto executor = co_await asio::this_coro::executor;
    co_await asio::this_coro::throw_if_cancelled(false);
    auto outcome =
        co_await asio::co_spawn(executor, std::move(work), asio::as_tuple(asio::use_awaitable));
    auto state = co_await asio::this_coro::cancellation_state;
    is_interrupted = state.cancelled() != asio::cancellation_type::none;
    if (is_interrupted)
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await asio::this_coro::throw_if_cancelled(true);
    co_return std::get<0>(outcome);
}

std::exception_ptr interruption()
{
    return std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted));
}

}  // namespace platform
