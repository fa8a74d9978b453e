#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/url.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace agent::net {

using endpoints = std::vector<asio::ip::tcp::endpoint>;

/// The addresses of a host, IPv6 and IPv4 by turns (RFC 8305, section 4). An IP literal
/// needs no lookup. Cancelling leaves at once, though getaddrinfo() cannot be interrupted.
/// Fails with errc::name_lookup.
task<endpoints> resolve(origin where);

}  // namespace agent::net
