#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace tests {

/// An HTTP proxy on 127.0.0.1 that tunnels (RFC 9110, section 9.3.6) every CONNECT to one
/// port of this machine, whatever name was asked for. On the test's own io_context.
class connect_proxy {
public:
    connect_proxy(boost::asio::io_context& io, unsigned short target);

    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    /// The head of the last CONNECT.
    const std::string& asked() const { return asked_; }

private:
    using tcp = boost::asio::ip::tcp;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(tcp::socket client);

    tcp::acceptor acceptor_;
    unsigned short target_;
    std::string asked_;
};

}  // namespace tests
