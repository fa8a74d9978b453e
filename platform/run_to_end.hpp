#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <optional>

namespace platform {

/// How a piece of work ended: with a value, or interrupted.
template <class T>
struct ended {
    std::exception_ptr interruption{};
    std::optional<T> value{};
};

/// Runs `work`. Being interrupted ends the work, and not the caller, which may have to tidy up
/// first: after an interruption the caller cannot be cancelled any more.
template <class T>
boost::asio::awaitable<std::shared_ptr<ended<T>>> run_to_end(boost::asio::awaitable<T> work)
{
    namespace asio = boost::asio;
    auto executor = co_await asio::this_coro::executor;
    co_await asio::this_coro::throw_if_cancelled(false);
    auto outcome =
        co_await asio::co_spawn(executor, std::move(work), asio::as_tuple(asio::use_awaitable));
    auto out = std::make_shared<ended<T>>();
    auto state = co_await asio::this_coro::cancellation_state;
    bool is_cancelled = state.cancelled() != asio::cancellation_type::none;
    out->interruption = std::get<0>(outcome);
    if (!out->interruption && is_cancelled && !std::get<1>(outcome))  // it took that for a failure
        out->interruption =
            std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted));
    if (is_cancelled)
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await asio::this_coro::throw_if_cancelled(true);
    if (!out->interruption)
        out->value.emplace(std::move(std::get<1>(outcome)));
    co_return out;
}

}  // namespace platform
