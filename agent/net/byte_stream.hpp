#pragma once

#include "agent/base/vocabulary.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

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
    virtual void close();
    virtual stream_socket& socket() = 0;
    /// TLS's own handle; null in the clear.
    virtual SSL* tls() { return nullptr; }

protected:
    /// To be said before each read. A server that writes head and body apart (Nagle) sends the
    /// second once the first is acknowledged, which Linux puts off by 40 ms unless it is asked for
    /// each time (tcp(7)). On a Unix socket this fails, and does no harm.
    void acknowledge_at_once();
};

std::shared_ptr<byte_stream> make_plain_stream(stream_socket socket);

enum class tls_side { client, server };
/// One side of TLS, which keeps `context` alive. A connection that ends without TLS's own end ends
/// with asio::ssl::error::stream_truncated.
std::shared_ptr<byte_stream> make_tls_stream(
    stream_socket socket, asio::ssl::context& context, tls_side side);

}  // namespace agent::net
