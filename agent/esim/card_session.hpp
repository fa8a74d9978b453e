#pragma once

#include "agent/esim/card_gate.hpp"
#include "agent/esim/installer.hpp"
#include "platform/log.hpp"
#include "platform/run_to_end.hpp"

#include <boost/asio/this_coro.hpp>

#include <functional>
#include <memory>
#include <string>

namespace agent::esim {

/// Closes the card, within a few seconds; what goes wrong is only logged.
asio::awaitable<void> close_card(installer& card, platform::logger& log);

/// Does `work`, which opens the card, and closes it whatever came of the work, also when it was
/// interrupted: a logical channel that stays open is in the way of the next one.
template <class Result>
asio::awaitable<Result> closing_card(
    installer& card, platform::logger& log, asio::awaitable<Result> work)
{
    auto ending = co_await platform::run_to_end(std::move(work));
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await close_card(card, log);
    if (ending->interruption)
        std::rethrow_exception(ending->interruption);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_return std::move(*ending->value);
}

template <class T>
task<T> open_and(installer& card, std::function<task<T>()> work)
{
    auto opened = co_await card.open();
    if (!opened)
        co_return opened.error();
    auto done = co_await work();
    co_return std::move(done);
}

/// Waits at the gate until the card is free, opens it, does `work`, and closes it again. `use`
/// tells others what it is used for. Fails with channel_errc::busy at `limit`, and as
/// installer::open() and the work do.
template <class T>
task<T> card_session(installer& card, card_gate& gate, std::string use,
    std::chrono::milliseconds limit, platform::logger& log, std::function<task<T>()> work)
{
    auto lease = co_await gate.take(std::move(use), limit);
    if (!lease)
        co_return lease.error();
    auto working = closing_card(card, log, open_and(card, std::move(work)));
    co_return co_await std::move(working);
}

}  // namespace agent::esim
