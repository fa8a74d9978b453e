#pragma once

#include "platform/timeout.hpp"

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>

namespace platform {

/// Runs `work` to its end; gives what it threw. Being interrupted ends the work, and not the
/// caller. `is_interrupted` tells whether that happened: then the caller cannot be cancelled any
/// more.
boost::asio::awaitable<std::exception_ptr> shield(
    boost::asio::awaitable<void> work, bool& is_interrupted);

/// The exception that an interruption is.
std::exception_ptr interruption();

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
    auto out = std::make_shared<ended<T>>();
    bool is_interrupted = false;
    out->interruption = co_await shield(keep(std::move(work), out->value), is_interrupted);
    bool took_it_for_a_failure = is_interrupted && out->value && !*out->value;
    if (took_it_for_a_failure) {
        out->value.reset();
        out->interruption = interruption();
    }
    co_return out;
}

}  // namespace platform
