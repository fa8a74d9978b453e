#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/byte_stream.hpp"
#include "platform/peers.hpp"
#include "platform/secret.hpp"
#include "platform/task_group.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
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

struct server_request {
    std::string method{};
    std::string target{};
    std::vector<std::pair<std::string, platform::wiped_string>> headers{};
    platform::wiped_string body{};
    std::vector<std::string> parts{};  // of the path, where its endpoint leaves them open

    /// The value of the first header of that name in any case; empty if there is none.
    std::string_view operator[](std::string_view name) const;
    /// The target without its query.
    std::string_view path() const;
};

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
    std::vector<std::pair<std::string, std::string>> headers{};  // beside the usual ones
    std::string body{};
    /// If set, it goes on after `body` until it returns; the connection ends with it.
    std::function<asio::awaitable<void>(stream_writer&)> stream{};
};

using server_handler = std::function<asio::awaitable<server_response>(server_request)>;

struct server_limits {
    std::size_t clients = 32;       // then the longest idle one is closed for the next
    std::chrono::seconds idle{60};  // for a request to come whole
    std::size_t body = 64 * 1024;
};

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
        std::optional<std::chrono::steady_clock::time_point> idle_since{};  // none: it is served
        bool is_leaving = false;
    };
    using clients = std::list<client>;

    result<void> bind(const asio::generic::stream_protocol::endpoint& where);
    void accept(stream_socket socket);
    void make_room();
    asio::awaitable<void> serve(clients::iterator one);
    asio::awaitable<void> serve_all(client& one);
    asio::awaitable<bool> serve_one(client& one, std::string& rest);
    void forget(clients::iterator one);
    bool is_allowed(byte_stream& stream);

    asio::basic_socket_acceptor<asio::generic::stream_protocol> acceptor_;
    server_handler routes_;
    server_limits limits_;
    platform::peer_check allows_{};
    std::string path_;
    std::shared_ptr<asio::ssl::context> tls_;
    clients clients_;
    clients leaving_;  // closed to make room; their coroutines end next
    platform::task_group tasks_;
};

/// True if a Unix socket cannot have that name.
bool is_too_long_for_a_socket(const std::string& path);

}  // namespace agent::net
