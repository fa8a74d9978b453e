#pragma once

#include "platform/failure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>

namespace platform {

// The vocabulary every layer shares: a value or a failure, now or later.

/// A value, or why there is none.
template <class T>
using result = boost::system::result<T, failure>;

/// A coroutine that gives a result. Cancelling it throws operation_aborted through it.
template <class T>
using task = boost::asio::awaitable<result<T>>;

}  // namespace platform
