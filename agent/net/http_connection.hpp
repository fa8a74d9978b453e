#pragma once

#include "agent/net/http_client.hpp"

#include <chrono>
#include <memory>

namespace agent::net {

/// How far an exchange has come, for the words and the class of its failure.
struct exchange_progress {
    const char* doing = "looking up the name";
    bool is_sent = false;      // some of the request may have left
    bool is_answered = false;  // something came back
};

/// One TLS connection to a server, kept between exchanges.
struct http_connection {
    /// True if the other side closed it, or said something unasked, while it lay idle.
    bool is_stale() const;
    /// True if more came than was asked for: the next answer would be another's.
    bool holds_more() const;

    origin where{};
    peer_fault fault{};
    wiped_string rest{};  // what came behind the last answer
    std::chrono::steady_clock::time_point last_used{};
    std::shared_ptr<byte_stream> stream{};
};

/// Looks up, connects (through the proxy if there is one for that host) and shakes hands; the peer
/// is verified at the time `clock`. `now` says how far it has come.
task<std::unique_ptr<http_connection>> open_connection(origin where, const http_settings& settings,
    std::shared_ptr<asio::ssl::context> tls, platform::clock_reading clock,
    std::shared_ptr<exchange_progress> now);

}  // namespace agent::net
