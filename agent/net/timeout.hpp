#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/error.hpp"
#include "platform/timeout.hpp"

namespace agent::net {

/// platform::with_timeout(), ending as errc::timeout.
template <class T>
task<T> with_timeout(task<T> operation, std::chrono::milliseconds limit)
{
    return platform::with_timeout(std::move(operation), limit, failure(errc::timeout));
}

}  // namespace agent::net
