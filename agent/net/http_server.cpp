#include "agent/net/http_server.hpp"

#include "agent/net/http_message.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstring>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace agent::net {
namespace {

namespace http = boost::beast::http;
using std::chrono::steady_clock;
using endpoint = asio::generic::stream_protocol::endpoint;

std::string head_of(const server_response& answer)
{
    std::string reason(http::obsolete_reason(http::int_to_status(answer.status)));
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason
                      + "\r\nContent-Type: " + answer.content_type + "\r\n";
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
    if (answer.status == no_content)
        return out + "\r\n";
    if (answer.stream)
        return out + "Connection: close\r\n\r\n";
    return out + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
}

asio::awaitable<error_code> write_answer(byte_stream& to, server_response& answer)
{
    std::string text = head_of(answer);
    text.reserve(text.size() + answer.body.size());
    text += answer.body;
    platform::wipe(answer.body.data(), answer.body.size());
    return write_in_time(to, std::move(text));
}

server_response refused(unsigned status, std::string_view name, std::string_view detail)
{
    server_response out;
    out.status = status;
    out.content_type = "application/problem+json";
    out.body = R"({"type":"urn:esim-agent:)" + std::string(name) + R"(","title":")"
               + std::string(name) + R"(","status":)" + std::to_string(status) + R"(,"detail":")"
               + std::string(detail) + "\"}";
    return out;
}

server_response answer_to_nonsense(const error_code& why)
{
    unsigned status = why == http::error::body_limit     ? 413
                      : why == http::error::header_limit ? 431
                                                         : 400;
    return refused(status, "usage", why.message());
}

failure cannot_listen(const std::string& where, const error_code& why)
{
    return {why, "listening on " + where};
}

server_request request_of(message_parser<true>& parser)
{
    server_request out;
    out.method = std::string(parser.get().method_string());
    out.target = std::string(parser.get().target());
    for (const auto& field : parser.get())
        out.headers.emplace_back(field.name_string(), field.value());
    out.body = std::move(parser.get().body());
    return out;
}

}  // namespace

bool is_too_long_for_a_socket(const std::string& path)
{
    return path.size() >= sizeof(sockaddr_un::sun_path);
}

std::string_view server_request::operator[](std::string_view name) const
{
    auto found = std::ranges::find_if(headers,
        [name](const auto& each) { return platform::same_ignoring_case(each.first, name); });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view server_request::path() const
{
    return std::string_view(target).substr(0, target.find('?'));
}

asio::awaitable<bool> stream_writer::write(std::string text)
{
    error_code ec = co_await write_in_time(to_, std::move(text));
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

result<void> http_server::bind(const endpoint& where)
{
    error_code ec;
    acceptor_.bind(where, ec);
    if (ec)
        return failure(ec);
    acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    return ec ? result<void>(failure(ec)) : result<void>();
}

result<void> http_server::listen_on_socket(
    const std::string& path, const std::string& group, platform::peer_check allows)
{
    error_code ec;
    if (is_too_long_for_a_socket(path))
        return failure(platform::errc::configuration, "the control socket " + path);
    endpoint where = asio::local::stream_protocol::endpoint(path);
    acceptor_.open(asio::local::stream_protocol(), ec);
    // A socket that was left behind by a killed agent refuses connections.
    stream_socket probe{acceptor_.get_executor()};
    probe.open(asio::local::stream_protocol(), ec);
    bool is_alive =
        ::connect(probe.native_handle(), where.data(), static_cast<socklen_t>(where.size())) == 0;
    if (is_alive)
        return failure(
            platform::errc::in_use, "another esim-agent runs already; it listens on " + path);
    ::unlink(path.c_str());
    mode_t before = ::umask(0117);
    auto bound = bind(where);
    ::umask(before);
    if (!bound)
        return cannot_listen(path, bound.error().code());
    allows_ = std::move(allows);
    path_ = path;
    if (group.empty())
        return {};
    const struct group* found = ::getgrnam(group.c_str());
    bool is_given =
        found != nullptr && ::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) == 0;
    if (!is_given)
        return failure(platform::errc::configuration,
            "giving " + path + " to the group '" + group
                + "': there must be one, and the agent must be in it");
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
    if (auto bound = bind(to); !bound)
        return cannot_listen(where, bound.error().code());
    tls_ = std::move(tls);
    return {};
}

unsigned short http_server::port() const
{
    error_code ec;
    auto where = acceptor_.local_endpoint(ec);
    asio::ip::tcp::endpoint out;
    out.resize(where.size());
    std::memcpy(out.data(), where.data(), where.size());
    return out.port();
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
    one.stream =
        tls_ ? make_tls_stream(std::move(socket), *tls_) : make_plain_stream(std::move(socket));
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
        server_response no = refused(403, "not_allowed", "only root and the control group may ask");
        co_await write_answer(*one.stream, no);
        co_return;
    }
    std::optional<error_code> begun;
    auto beginning = platform::keep(one.stream->begin(), begun);
    bool is_in_time = co_await platform::end_in_time(std::move(beginning), limits_.idle);
    bool goes_on = is_in_time && !*begun;
    std::string rest;
    while (goes_on)
        goes_on = co_await serve_one(one, rest);
}

asio::awaitable<bool> http_server::serve_one(client& one, std::string& rest)
{
    message_parser<true> parser;
    parser.body_limit(limits_.body);
    constexpr std::uint32_t most_header = 16 * 1024;
    parser.header_limit(most_header);
    parser.eager(true);
    one.idle_since = steady_clock::now();
    std::optional<error_code> read;
    auto reading = platform::keep(read_message(*one.stream, parser, rest, false), read);
    bool is_in_time = co_await platform::end_in_time(std::move(reading), limits_.idle);
    one.idle_since.reset();
    if (!is_in_time || (*read && !parser.got_some()))
        co_return false;
    if (*read) {
        server_response answer = answer_to_nonsense(*read);
        co_await write_answer(*one.stream, answer);
        co_return false;
    }
    bool keeps_alive = parser.get().keep_alive();
    server_request asked = request_of(parser);
    if (!asked.target.starts_with('/')) {
        server_response answer = refused(400, "usage", "the target is no path");
        co_await write_answer(*one.stream, answer);
        co_return false;
    }
    bool is_head = asked.method == "HEAD";  // as GET, without what it is about
    if (is_head)
        asked.method = "GET";
    auto answering = routes_(std::move(asked));
    server_response answer = co_await std::move(answering);
    if (is_head) {
        error_code told = co_await write_in_time(*one.stream, head_of(answer));
        co_return !told && keeps_alive && !answer.stream;
    }
    error_code written = co_await write_answer(*one.stream, answer);
    if (written)
        co_return false;
    if (answer.stream) {
        stream_writer writer{*one.stream};
        co_await answer.stream(writer);
        co_return false;
    }
    co_return keeps_alive;
}

}  // namespace agent::net
