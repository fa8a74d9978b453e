#pragma once

#include "platform/result.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

namespace tests {

/// Runs one coroutine to its end on `io` and gives what it returned.
/// Throws what it threw, or if it has not ended within ten seconds.
template <class T>
platform::result<T> run(boost::asio::io_context& io, platform::task<T> work)
{
    std::optional<platform::result<T>> outcome;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, platform::result<T> r) {
        failure = e;
        outcome = std::move(r);
        io.stop();
    });
    io.restart();
    io.run_for(std::chrono::seconds(10));
    if (failure)
        std::rethrow_exception(failure);
    if (!outcome)
        throw std::runtime_error("the coroutine under test did not finish in time");
    return std::move(*outcome);
}

}  // namespace tests
