#pragma once

#include "agent/base/vocabulary.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream_base.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace agent::net {

using stream_socket = asio::generic::stream_protocol::socket;

/// A connection that bytes go through, in the clear or under TLS.
class byte_stream {
public:
    byte_stream() = default;
    virtual ~byte_stream() = default;
    byte_stream(const byte_stream&) = delete;
    byte_stream& operator=(const byte_stream&) = delete;

    /// What has to be done before the first byte; fails if the other side does something else.
    virtual asio::awaitable<error_code> begin() = 0;
    /// At least one byte; 0 and an error once there is none.
    virtual asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) = 0;
    virtual asio::awaitable<error_code> write_all(std::string_view text) = 0;
    /// Whoever waits in it is woken with an error.
    virtual void close() = 0;
    virtual stream_socket& socket() = 0;
    /// TLS's own handle; null in the clear.
    virtual SSL* tls() { return nullptr; }
};

std::shared_ptr<byte_stream> make_plain_stream(stream_socket socket);
/// One side of TLS. The server's uses `context` for as long as it lives, the client's copies it.
std::shared_ptr<byte_stream> make_tls_stream(
    stream_socket socket, asio::ssl::context& context, asio::ssl::stream_base::handshake_type side);

}  // namespace agent::net
