#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_message.hpp"
#include "platform/peers.hpp"
#include "platform/secret.hpp"
#include "platform/task_group.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace agent::net {

// HTTP/1.1 that this device serves: the local API on a Unix socket, and the kiosk's page.

/// Writes on while a connection is open, for answers that go on.
class stream_writer {
public:
    explicit stream_writer(byte_stream& to) : to_(to) {}

    /// False once the other side is gone.
    asio::awaitable<bool> write(std::string text);
    /// Waits until the other side has closed.
    asio::awaitable<void> closed();

private:
    byte_stream& to_;
};

struct server_response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::vector<header> headers{};  // beside the usual ones
    std::string body{};
    /// If set, it goes on after `body` until it returns; the connection ends with it.
    std::function<asio::awaitable<void>(stream_writer&)> stream{};
    bool is_feed = false;  // the stream is one that many may want to follow
};

using server_handler = std::function<asio::awaitable<server_response>(http_request)>;

struct server_limits {
    std::size_t clients = 32;       // then the longest idle one is closed for the next
    std::size_t followers = 24;     // of them, of feeds: the rest is for questions
    std::chrono::seconds idle{60};  // for a request to come whole
    std::size_t body = 64 * 1024;
};

/// What tells one visitor from another, to count what each does: the address, of IPv6 the network
/// of 64 bits that one site has.
std::string visitor_of(const asio::ip::address& from);

/// A server on one address. A client that is silent or slow gives way to others.
class http_server {
public:
    http_server(asio::any_io_executor executor, server_handler routes, server_limits limits = {});

    /// Binds the Unix socket `path` (mode 0660; `group` by name, unless it is empty), in the place
    /// of a socket that nobody listens on. Fails with address_in_use if somebody does.
    result<void> listen_on_socket(
        const std::string& path, const std::string& group, platform::peer_check allows);
    /// Binds a TCP address (a literal, no name; port 0 is any), with TLS if there is a context.
    result<void> listen_on_address(
        const std::string& address, unsigned short port, std::shared_ptr<asio::ssl::context> tls);
    /// Where it listens: the port of listen_on_address().
    unsigned short port() const;
    /// Serves until it is cancelled; then a socket's file is removed.
    asio::awaitable<void> run();

private:
    struct client {
        std::shared_ptr<byte_stream> stream{};
        std::string visitor{};                                              // over the network
        std::optional<std::chrono::steady_clock::time_point> idle_since{};  // none: it is served
        bool is_leaving = false;
    };
    using clients = std::list<client>;

    void accept(stream_socket socket);
    void make_room();
    asio::awaitable<void> serve(clients::iterator one);
    asio::awaitable<void> serve_all(client& one);
    asio::awaitable<bool> serve_one(client& one, wiped_string& rest);
    asio::awaitable<void> serve_feed(client& one, server_response& answer);
    void forget(clients::iterator one);
    bool is_allowed(byte_stream& stream);

    asio::basic_socket_acceptor<asio::generic::stream_protocol> acceptor_;
    server_handler routes_;
    server_limits limits_;
    platform::peer_check allows_{};
    std::string path_;
    std::shared_ptr<asio::ssl::context> tls_;
    clients clients_;
    std::size_t followers_ = 0;
    clients leaving_;  // closed to make room; their coroutines end next
    platform::task_group tasks_;
};

}  // namespace agent::net
