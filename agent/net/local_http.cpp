#include "agent/net/local_http.hpp"

#include "platform/timeout.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace agent::net {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t most_bytes = 64 * 1024;
constexpr std::size_t most_clients = 32;
constexpr std::chrono::seconds idle_limit{60};
constexpr std::chrono::seconds write_limit{10};

using allocator = platform::wiping_allocator<char>;
using body_type = http::basic_string_body<char, std::char_traits<char>, allocator>;
template <bool is_request>
using parser_type = http::parser<is_request, body_type, allocator>;

std::string head_of(const local_response& answer)
{
    std::string reason(http::obsolete_reason(http::int_to_status(answer.status)));
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason
                      + "\r\nContent-Type: " + answer.content_type
                      + "\r\nCache-Control: no-store\r\n";
    if (answer.stream)
        return out + "Connection: close\r\n\r\n";
    return out + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
}

/// Reads until the parser has what it wants: the whole message, or its header. `rest` is what
/// came before, and then what came behind.
template <bool is_request>
asio::awaitable<error_code> read_message(
    stream_socket& from, parser_type<is_request>& parser, std::string& rest, bool only_header)
{
    std::array<char, 4096> block{};
    error_code ec;
    while (true) {
        bool has_enough = only_header ? parser.is_header_done() : parser.is_done();
        if (has_enough)
            co_return error_code();
        if (!rest.empty()) {
            std::size_t used = parser.put(asio::buffer(rest), ec);
            rest.erase(0, used);
            if (ec && ec != http::error::need_more)
                co_return ec;
            if (used > 0)
                continue;
        }
        std::size_t size = co_await from.async_read_some(
            asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
        if (ec == asio::error::eof && !rest.empty())
            co_return http::error::partial_message;
        if (ec == asio::error::eof && parser.got_some()) {
            parser.put_eof(ec);
            co_return ec;
        }
        if (ec)
            co_return ec;
        rest.append(block.data(), size);
        platform::wipe(block.data(), size);
    }
}

asio::awaitable<void> write_text(stream_socket& to, const std::string& text, error_code& ec)
{
    co_await asio::async_write(
        to, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
}

/// Ends in time also where the other side does not read.
asio::awaitable<error_code> write_all(stream_socket& to, std::string text)
{
    error_code ec;
    auto writing = write_text(to, text, ec);
    bool is_in_time = co_await platform::end_in_time(std::move(writing), write_limit);
    platform::wipe(text.data(), text.size());
    co_return is_in_time ? ec : make_error_code(boost::system::errc::timed_out);
}

asio::local::stream_protocol::endpoint endpoint_of(const std::string& path)
{
    return asio::local::stream_protocol::endpoint(path);
}

bool is_too_long(const std::string& path)
{
    return path.size() >= sizeof(sockaddr_un::sun_path);
}

failure cannot_listen(const std::string& path, const error_code& why)
{
    return {why, "listening on " + path};
}

}  // namespace

asio::awaitable<bool> stream_writer::write(std::string text)
{
    error_code ec = co_await write_all(to_, std::move(text));
    co_return !ec;
}

asio::awaitable<void> stream_writer::closed()
{
    std::array<char, 64> block{};
    error_code ec;
    while (!ec)
        co_await to_.async_read_some(
            asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
}

local_server::local_server(asio::any_io_executor executor, local_handler routes, peer_check allows)
    : acceptor_(executor)
    , routes_(std::move(routes))
    , allows_(std::move(allows))
    , clients_(executor)
{
}

result<void> local_server::listen(const std::string& path, const std::string& group)
{
    error_code ec;
    if (is_too_long(path))
        return failure(boost::system::errc::filename_too_long, "the control socket " + path);
    acceptor_.open(asio::local::stream_protocol(), ec);
    // A socket that was left behind by a killed agent refuses connections.
    stream_socket probe{acceptor_.get_executor()};
    probe.open(asio::local::stream_protocol(), ec);
    bool is_alive = ::connect(probe.native_handle(), endpoint_of(path).data(),
                        static_cast<socklen_t>(endpoint_of(path).size()))
                    == 0;
    if (is_alive)
        return failure(boost::system::errc::address_in_use,
            "another esim-agent runs already; it listens on " + path);
    ::unlink(path.c_str());
    mode_t before = ::umask(0117);
    acceptor_.bind(endpoint_of(path), ec);
    ::umask(before);
    if (ec)
        return cannot_listen(path, ec);
    if (!group.empty()) {
        const struct group* found = ::getgrnam(group.c_str());
        bool is_given =
            found != nullptr && ::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) == 0;
        if (!is_given)
            return failure(boost::system::errc::operation_not_permitted,
                "giving " + path + " to the group '" + group
                    + "': there must be one, and the agent must be in it");
    }
    acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        return cannot_listen(path, ec);
    path_ = path;
    return {};
}

asio::awaitable<void> local_server::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (true) {
        auto client = std::make_shared<stream_socket>(acceptor_.get_executor());
        error_code ec;
        co_await acceptor_.async_accept(*client, asio::redirect_error(asio::use_awaitable, ec));
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            break;
        if (ec) {  // no descriptors left
            asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(200));
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            continue;
        }
        if (clients_.size() < most_clients)
            clients_.spawn(serve(std::move(client)));
    }
    // Nobody shall find the socket of an agent that is gone, and no request outlive its server.
    ::unlink(path_.c_str());
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await clients_.ended();
}

asio::awaitable<void> local_server::serve(std::shared_ptr<stream_socket> client)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    bool is_known =
        ::getsockopt(client->native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (!is_known || !allows_(peer.uid, peer.gid, peer.pid)) {
        local_response no;
        no.status = 403;
        no.content_type = "application/problem+json";
        no.body = R"j({"type":"urn:esim-agent:not_allowed","title":"Forbidden","status":403,)j"
                  R"j("detail":"only root and the control group may ask"})j";
        std::string text = head_of(no) + no.body;
        co_await write_all(*client, std::move(text));
        co_return;
    }
    std::string rest;
    bool goes_on = true;
    while (goes_on)
        goes_on = co_await serve_one(*client, rest);
}

asio::awaitable<bool> local_server::serve_one(stream_socket& client, std::string& rest)
{
    parser_type<true> parser;
    parser.body_limit(most_bytes);
    parser.header_limit(16 * 1024);
    parser.eager(true);
    std::optional<error_code> read;
    auto reading = platform::keep(read_message(client, parser, rest, false), read);
    bool is_in_time = co_await platform::end_in_time(std::move(reading), idle_limit);
    if (!is_in_time || (*read && !parser.got_some()))
        co_return false;
    local_response answer;
    if (*read) {
        answer.status = *read == http::error::body_limit     ? 413
                        : *read == http::error::header_limit ? 431
                                                             : 400;
        answer.content_type = "application/problem+json";
        answer.body = R"j({"type":"urn:esim-agent:usage","title":"usage","status":)j"
                      + std::to_string(answer.status) + R"j(,"detail":")j" + read->message()
                      + "\"}";
        std::string text = head_of(answer) + answer.body;
        co_await write_all(client, std::move(text));
        co_return false;
    }
    local_request asked;
    asked.method = std::string(parser.get().method_string());
    asked.target = std::string(parser.get().target());
    asked.body = std::move(parser.get().body());
    bool keeps_alive = parser.get().keep_alive();
    auto answering = routes_(std::move(asked));
    answer = co_await std::move(answering);
    std::string text = head_of(answer) + answer.body;
    error_code written = co_await write_all(client, std::move(text));
    if (written)
        co_return false;
    if (answer.stream) {
        stream_writer writer{client};
        co_await answer.stream(writer);
        co_return false;
    }
    co_return keeps_alive;
}

namespace {

task<local_answer> exchange_local(std::string path, local_request request, bool stays_open)
{
    auto executor = co_await asio::this_coro::executor;
    local_answer out;
    out.connection = std::make_shared<stream_socket>(executor);
    error_code ec;
    asio::generic::stream_protocol::endpoint where = endpoint_of(path);
    co_await out.connection->async_connect(where, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec, path);
    std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!stays_open)
        text += "Connection: close\r\n";
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n";
    text += request.body;
    ec = co_await write_all(*out.connection, std::move(text));
    if (ec)
        co_return failure(ec, path);
    parser_type<false> parser;
    parser.body_limit(16 * 1024 * 1024);
    parser.eager(true);
    std::string rest;
    ec = co_await read_message(*out.connection, parser, rest, stays_open);
    if (ec)
        co_return failure(ec, path);
    out.response.status = parser.get().result_int();
    for (const auto& field : parser.get())
        out.response.headers.push_back(
            {std::string(field.name_string()), wiped_string(field.value())});
    out.response.body = std::move(parser.get().body());
    co_return out;
}

}  // namespace

task<local_answer> ask_local(
    std::string path, local_request request, bool stays_open, std::chrono::milliseconds limit)
{
    if (is_too_long(path))
        co_return failure(boost::system::errc::filename_too_long, "the control socket " + path);
    failure too_late(boost::system::errc::timed_out, "the agent behind " + path + " is silent");
    auto asking = platform::with_timeout(
        exchange_local(std::move(path), std::move(request), stays_open), limit, too_late);
    auto answer = co_await std::move(asking);
    co_return answer;
}

}  // namespace agent::net
