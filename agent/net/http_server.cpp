#include "agent/net/http_server.hpp"

#include "platform/error.hpp"
#include "platform/timeout.hpp"
#include "platform/unix_listener.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace agent::net {
namespace {

using std::chrono::steady_clock;

wiped_string head_of(const server_response& answer)
{
    wiped_string out;
    constexpr std::size_t usual_head = 1024;
    out.reserve(usual_head + answer.body.size());
    out += status_line(answer.status) + "Content-Type: " + answer.content_type + "\r\n";
    bool says_cache = false;
    for (const auto& [name, value] : answer.headers) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
        says_cache = says_cache || name == "Cache-Control";
    }
    if (!says_cache)
        out += "Cache-Control: no-store\r\n";
    constexpr unsigned no_content = 204;
    if (answer.stream)
        out += "Connection: close\r\n";
    else if (answer.status != no_content)
        out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    return out += "\r\n";
}

asio::awaitable<error_code> write_answer(byte_stream& to, server_response& answer)
{
    wiped_string text = head_of(answer);
    text += answer.body;
    platform::wipe(answer.body.data(), answer.body.size());
    return write_in_time(to, std::move(text));
}

server_response refused(unsigned status, std::string_view name, platform::failure_class kind,
    std::string_view detail, std::string_view advice = "")
{
    server_response out;
    out.status = status;
    out.content_type = "application/problem+json";
    out.body = R"({"type":"urn:esim-agent:)" + std::string(name) + R"(","title":")"
               + std::string(name) + R"(","status":)" + std::to_string(status) + R"(,"class":")"
               + platform::name_of(kind) + R"(","detail":")" + std::string(detail)
               + R"(","advice":")" + std::string(advice) + "\"}";
    return out;
}

server_response no_more_followers()
{
    constexpr unsigned unavailable = 503;
    server_response out = refused(unavailable, "busy", failure_class::busy,
        "as many are following as may", "Close an event stream, or ask for the status instead.");
    out.headers.emplace_back("Retry-After", "5");
    return out;
}

server_response answer_to_nonsense(const error_code& why)
{
    switch (fault_of(why)) {
    case message_fault::too_large_body:
        return refused(413, "usage", failure_class::usage, why.message());
    case message_fault::too_large_head:
        return refused(431, "usage", failure_class::usage, why.message());
    default: return refused(400, "usage", failure_class::usage, why.message());
    }
}

/// Of a TCP socket; zeros for any other, and for one whose other end is gone.
asio::ip::tcp::endpoint tcp_endpoint(const asio::generic::stream_protocol::endpoint& any)
{
    asio::ip::tcp::endpoint out;
    if (any.size() > out.capacity())
        return out;  // a Unix socket's
    out.resize(any.size());
    std::memcpy(out.data(), any.data(), any.size());
    return out;
}

failure cannot_listen(const std::string& where, const error_code& why)
{
    return {why, "listening on " + where};
}

}  // namespace

std::string visitor_of(const asio::ip::address& from)
{
    if (!from.is_v6() || from.to_v6().is_v4_mapped() || from.is_loopback())
        return from.to_string();
    auto octets = from.to_v6().to_bytes();
    constexpr int network = 8;
    std::fill(octets.begin() + network, octets.end(), 0);
    return asio::ip::address_v6(octets).to_string() + "/64";
}

asio::awaitable<bool> stream_writer::write(std::string text)
{
    error_code ec = co_await write_in_time(to_, wiped_string(text));
    co_return !ec;
}

asio::awaitable<void> stream_writer::closed()
{
    std::array<char, 64> block{};
    std::span<char> into{block};
    error_code ec;
    while (!ec)
        co_await to_.read(into, ec);
}

http_server::http_server(
    asio::any_io_executor executor, server_handler routes, server_limits limits)
    : acceptor_(executor), routes_(std::move(routes)), limits_(limits), tasks_(executor)
{
}

result<void> http_server::listen_on_socket(
    const std::string& path, const std::string& group, platform::peer_check allows)
{
    auto listening = platform::listen_on_unix_socket(path, group);
    if (!listening)
        return listening.error();
    error_code ec;
    acceptor_.assign(asio::local::stream_protocol(), *listening, ec);
    if (ec) {
        ::close(*listening);
        return cannot_listen(path, ec);
    }
    allows_ = std::move(allows);
    path_ = path;
    return {};
}

result<void> http_server::listen_on_address(
    const std::string& address, unsigned short port, std::shared_ptr<asio::ssl::context> tls)
{
    error_code ec;
    auto literal = asio::ip::make_address(address, ec);
    std::string where = address + ":" + std::to_string(port);
    if (ec)
        return failure(platform::errc::configuration, address + " is no IP address");
    asio::ip::tcp::endpoint to{literal, port};
    acceptor_.open(to.protocol(), ec);
    acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    acceptor_.bind(to, ec);
    if (!ec)
        acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        return cannot_listen(where, ec);
    tls_ = std::move(tls);
    return {};
}

unsigned short http_server::port() const
{
    error_code ec;
    return tcp_endpoint(acceptor_.local_endpoint(ec)).port();
}

asio::awaitable<void> http_server::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (true) {
        stream_socket socket{acceptor_.get_executor()};
        error_code ec;
        co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            break;
        if (!ec) {
            accept(std::move(socket));
            continue;
        }
        // No descriptors left.
        make_room();
        asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(200));
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
    // Nobody shall find the socket of an agent that is gone, and no request outlive its server.
    if (!path_.empty())
        ::unlink(path_.c_str());
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await tasks_.ended();
}

void http_server::accept(stream_socket socket)
{
    if (clients_.size() >= limits_.clients)
        make_room();
    if (clients_.size() >= limits_.clients)
        return;  // all are served right now
    client one;
    error_code ec;  // gone again: the first read tells
    if (path_.empty())
        one.visitor = visitor_of(tcp_endpoint(socket.remote_endpoint(ec)).address());
    one.stream = tls_ ? make_tls_stream(std::move(socket), *tls_, tls_side::server)
                      : make_plain_stream(std::move(socket));
    one.idle_since = steady_clock::now();
    auto place = clients_.insert(clients_.end(), std::move(one));
    tasks_.spawn(serve(place));
}

/// Closes the connection that has been silent for longest.
void http_server::make_room()
{
    auto longest = clients_.end();
    for (auto each = clients_.begin(); each != clients_.end(); ++each) {
        bool is_longer = each->idle_since
                         && (longest == clients_.end() || *each->idle_since < *longest->idle_since);
        if (is_longer)
            longest = each;
    }
    if (longest == clients_.end())
        return;
    longest->stream->close();
    longest->is_leaving = true;
    leaving_.splice(leaving_.end(), clients_, longest);
}

void http_server::forget(clients::iterator one)
{
    clients& of = one->is_leaving ? leaving_ : clients_;
    of.erase(one);
}

bool http_server::is_allowed(byte_stream& stream)
{
    if (!allows_)
        return true;
    ucred peer{};
    socklen_t size = sizeof peer;
    int handle = stream.socket().native_handle();
    bool is_known = ::getsockopt(handle, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    return is_known && allows_(peer.uid, peer.gid, peer.pid);
}

asio::awaitable<void> http_server::serve(clients::iterator one)
{
    struct on_exit {
        http_server& server;
        clients::iterator one;
        on_exit(http_server& its_server, clients::iterator its_one)
            : server(its_server), one(its_one)
        {
        }
        ~on_exit() { server.forget(one); }
        on_exit(const on_exit&) = delete;
        on_exit& operator=(const on_exit&) = delete;
    } at_end(*this, one);
    auto serving = serve_all(*one);
    co_await std::move(serving);
}

asio::awaitable<void> http_server::serve_all(client& one)
{
    if (!is_allowed(*one.stream)) {
        server_response no = refused(403, "not_allowed", failure_class::forbidden,
            "only root and the control group may ask", "Ask as a member of the control group.");
        co_await write_answer(*one.stream, no);
        co_return;
    }
    std::optional<error_code> begun;
    auto beginning = platform::keep(one.stream->begin(), begun);
    bool is_in_time = co_await platform::end_in_time(std::move(beginning), limits_.idle);
    bool goes_on = is_in_time && !*begun;
    wiped_string rest;
    while (goes_on)
        goes_on = co_await serve_one(one, rest);
}

asio::awaitable<bool> http_server::serve_one(client& one, wiped_string& rest)
{
    message_limits limits;
    limits.head = 16 * 1024;
    limits.body = limits_.body;
    message_reader<http_request> reader(limits);
    one.idle_since = steady_clock::now();
    std::optional<error_code> read;
    auto reading = platform::keep(reader.read(*one.stream, rest), read);
    bool is_in_time = co_await platform::end_in_time(std::move(reading), limits_.idle);
    one.idle_since.reset();
    if (!is_in_time || (*read && !reader.has_begun()))
        co_return false;
    if (*read) {
        server_response answer = answer_to_nonsense(*read);
        co_await write_answer(*one.stream, answer);
        co_return false;
    }
    bool keeps_alive = reader.keeps_alive();
    http_request asked = std::move(reader.message());
    asked.visitor = one.visitor;
    if (!asked.target.starts_with('/')) {
        server_response answer =
            refused(400, "usage", failure_class::usage, "the target is no path");
        co_await write_answer(*one.stream, answer);
        co_return false;
    }
    bool is_head = asked.method == "HEAD";  // as GET, without what it is about
    if (is_head)
        asked.method = "GET";
    auto answering = routes_(std::move(asked));
    server_response answer = co_await std::move(answering);
    if (answer.is_feed && !is_head && followers_ >= limits_.followers)
        answer = no_more_followers();
    if (is_head) {
        error_code told = co_await write_in_time(*one.stream, head_of(answer));
        co_return !told && keeps_alive && !answer.stream;
    }
    error_code written = co_await write_answer(*one.stream, answer);
    if (written)
        co_return false;
    if (!answer.stream)
        co_return keeps_alive;
    if (answer.is_feed) {
        auto following = serve_feed(one, answer);
        co_await std::move(following);
        co_return false;
    }
    stream_writer writer{*one.stream};
    co_await answer.stream(writer);
    co_return false;
}

asio::awaitable<void> http_server::serve_feed(client& one, server_response& answer)
{
    struct counted {
        std::size_t& followers;
        explicit counted(std::size_t& of) : followers(of) { ++followers; }
        ~counted() { --followers; }
        counted(const counted&) = delete;
        counted& operator=(const counted&) = delete;
    } while_open(followers_);
    stream_writer writer{*one.stream};
    co_await answer.stream(writer);
}

}  // namespace agent::net
