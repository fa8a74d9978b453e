#pragma once

#include "agent/net/http_client.hpp"
#include "agent/vocabulary.hpp"
#include "platform/task_group.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace agent::net {

// HTTP/1.1 on this device, without TLS: the local API's server and its client.

using stream_socket = asio::generic::stream_protocol::socket;

struct local_request {
    std::string method{};
    std::string target{};
    wiped_string body{};
};

/// Writes on while a connection is open, for answers that go on.
class stream_writer {
public:
    explicit stream_writer(stream_socket& to) : to_(to) {}

    /// False once the other side is gone.
    asio::awaitable<bool> write(std::string text);
    /// Waits until the other side has closed.
    asio::awaitable<void> closed();

private:
    stream_socket& to_;
};

struct local_response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body{};
    /// If set, it goes on after `body` until it returns; the connection ends with it.
    std::function<asio::awaitable<void>(stream_writer&)> stream{};
};

using local_handler = std::function<asio::awaitable<local_response>(local_request)>;

/// Who may connect: peer credentials of a Unix socket.
using peer_check = std::function<bool(uid_t user, gid_t group, pid_t process)>;

/// A server on a Unix socket. Requests of at most 64 kB; idle connections are closed after a
/// minute; at most 32 connections at once.
class local_server {
public:
    local_server(asio::any_io_executor executor, local_handler routes, peer_check allows);

    /// Binds `path` (mode 0660; `group` by name, unless it is empty), in the place of a socket that
    /// nobody listens on. Fails with address_in_use if somebody does.
    result<void> listen(const std::string& path, const std::string& group);
    /// Serves until it is cancelled; then the socket's file is removed.
    asio::awaitable<void> run();

private:
    asio::awaitable<void> serve(std::shared_ptr<stream_socket> client);
    asio::awaitable<bool> serve_one(stream_socket& client, std::string& rest);

    asio::local::stream_protocol::acceptor acceptor_;
    local_handler routes_;
    peer_check allows_;
    std::string path_;
    platform::task_group clients_;
};

/// An answer, and the connection it came on, which stays open with this.
struct local_answer {
    http_response response{};
    std::shared_ptr<stream_socket> connection{};
};

/// Asks the server behind a Unix socket. Fails with no_such_file_or_directory or
/// connection_refused if there is none, and within `limit`. With `stays_open` it returns after the
/// answer's header and what came with it.
task<local_answer> ask_local(std::string path, local_request request, bool stays_open = false,
    std::chrono::milliseconds limit = std::chrono::seconds(30));

}  // namespace agent::net
