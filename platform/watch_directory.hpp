#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace platform {

/// Calls `changed` whenever a file in `directory` was written or moved there (inotify(7)), until it
/// is cancelled. A directory that is not there yet is waited for by watching the one above it.
boost::asio::awaitable<void> watch_directory(std::string directory, std::function<void()> changed);

}  // namespace platform
