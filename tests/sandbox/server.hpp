#pragma once

#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>

namespace sandbox {

/// An HTTP/1.1 server on 127.0.0.1 with keep-alive, with or without TLS. Faults strike
/// before the handler's answer goes out.
class server {
public:
    /// Listens at once; `port` 0 takes a free one. Without `tls` it speaks plain HTTP.
    server(boost::asio::io_context& io, unsigned short port, boost::asio::ssl::context* tls,
        handler routes, faults* active);

    unsigned short port() const;
    void close() { acceptor_.close(); }
    /// How long each answer waits.
    void set_delay(std::chrono::milliseconds delay) { delay_ = delay; }
    /// From now on it writes head and body apart, and waits with the second for an acknowledgement
    /// (Nagle), as servers do that nobody has tuned.
    void write_apart() { writes_apart_ = true; }
    /// How many TLS handshakes there were.
    int handshakes() const { return handshakes_; }

private:
    using tcp = boost::asio::ip::tcp;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve_tls(tcp::socket socket);
    boost::asio::awaitable<void> serve_plain(tcp::socket socket);

    tcp::acceptor acceptor_;
    boost::asio::ssl::context* tls_;
    handler routes_;
    faults* faults_;
    std::chrono::milliseconds delay_{0};
    bool writes_apart_ = false;
    int handshakes_ = 0;
};

}  // namespace sandbox
