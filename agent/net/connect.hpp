#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/resolve.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace agent::net {

/// Connects to the first address that answers: they are tried in order, each next one
/// 250 ms after the one before or when that one failed (happy eyeballs, RFC 8305 section 5).
/// Fails with errc::unreachable and the last error's words. With an `interface`, everything leaves
/// by that one, whatever the routes say (SO_BINDTODEVICE, socket(7)).
task<std::unique_ptr<asio::ip::tcp::socket>> connect(endpoints addresses,
    std::string interface = {},
    std::chrono::milliseconds head_start = std::chrono::milliseconds(250));

}  // namespace agent::net
