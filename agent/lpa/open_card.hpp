#pragma once

#include "agent/lpa/euicc.hpp"
#include "platform/log.hpp"
#include "platform/run_to_end.hpp"

#include <boost/asio/this_coro.hpp>

#include <memory>

namespace agent::lpa {

/// Closes the card, within a few seconds; what goes wrong is only logged.
asio::awaitable<void> close_card(euicc& card, platform::logger& log);

/// Does `work` with the card, and closes it whatever came of the work, also when it was
/// interrupted: a logical channel that stays open is in the way of the next one. `work` opens it.
template <class T>
asio::awaitable<T> closing_card(euicc& card, platform::logger& log, asio::awaitable<T> work)
{
    auto ending = co_await platform::run_to_end(std::move(work));
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await close_card(card, log);
    if (ending->interruption)
        std::rethrow_exception(ending->interruption);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_return std::move(*ending->value);
}

}  // namespace agent::lpa
