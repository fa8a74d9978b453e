#include "agent/net/http_connection.hpp"

#include "agent/net/connect.hpp"
#include "agent/net/error.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/timeout.hpp"

#include <boost/asio/this_coro.hpp>

#include <openssl/ssl.h>
#include <sys/socket.h>

namespace agent::net {

using asio::ip::tcp;

bool http_connection::is_stale() const
{
    char byte = 0;
    ssize_t size = ::recv(stream->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool http_connection::holds_more() const
{
    SSL* tls = stream->tls();
    return !rest.empty() || SSL_has_pending(tls) != 0 || BIO_pending(SSL_get_rbio(tls)) != 0;
}

namespace {

/// Asks `via` for a tunnel to `where` (RFC 9110, section 9.3.6).
task<stream_socket> tunnel(stream_socket socket, origin where, const proxy& via)
{
    auto stream = make_plain_stream(std::move(socket));
    http_request ask;
    ask.method = "CONNECT";
    ask.target = to_string(where, 0);
    std::vector<header> more;
    more.emplace_back("Host", ask.target);
    if (!via.authorization.empty())
        more.emplace_back("Proxy-Authorization", via.authorization.reveal());
    error_code ec = co_await write_in_time(*stream, to_wire(ask, more));

    message_limits limits;
    message_reader<http_response> reader(limits);
    wiped_string rest;
    if (!ec)
        ec = co_await reader.read_head(*stream, rest);
    std::string name = "the proxy " + to_string(via.where, 0);
    if (ec)
        co_return failure(errc::unreachable, name + " broke off: " + ec.message());
    unsigned status = reader.message().status;
    std::string words = name + " answered HTTP " + std::to_string(status);
    if (status == 407)
        co_return failure(errc::proxy_refused, words);
    if (status < 200 || status > 299)
        co_return failure(errc::unreachable, words + " to CONNECT " + ask.target);
    co_return std::move(stream->socket());
}

task<stream_socket> reach(
    origin where, const http_settings& settings, std::shared_ptr<exchange_progress> now)
{
    const auto& proxies = settings.proxies;
    // The proxy is somewhere behind the usual way out.
    bool is_direct =
        !proxies.through || is_exempt(proxies, where.host) || !settings.interface_name.empty();
    origin hop = where;
    if (!is_direct)
        hop = proxies.through->where;
    auto addresses = co_await resolve(hop);
    std::string name = is_direct ? "" : "the proxy ";
    if (!addresses)
        co_return addresses.error().after(name);
    now->doing = "connecting";
    auto connecting = connect(std::move(*addresses), settings.interface_name);
    auto socket = co_await with_timeout(std::move(connecting), settings.connect_limit);
    if (!socket)
        co_return socket.error().saying(
            name + to_string(hop) + ": "
            + (socket.error() == errc::timeout ? "no connection in time"
                                               : socket.error().detail()));
    error_code ignored;
    (*socket)->set_option(tcp::no_delay(true), ignored);
    stream_socket out = std::move(**socket);
    if (is_direct)
        co_return std::move(out);
    now->doing = "waiting for the proxy";
    co_return co_await tunnel(std::move(out), where, *proxies.through);
}

}  // namespace

task<std::unique_ptr<http_connection>> open_connection(origin where, const http_settings& settings,
    std::shared_ptr<asio::ssl::context> tls, platform::clock_reading clock,
    std::shared_ptr<exchange_progress> now)
{
    auto socket = co_await reach(where, settings, now);
    if (!socket)
        co_return socket.error();
    now->doing = "in the TLS handshake";
    auto opened = std::make_unique<http_connection>();
    opened->where = where;
    opened->stream = make_tls_stream(std::move(*socket), *tls, tls_side::client);
    auto expected = expect_peer(opened->stream->tls(), where.host, opened->fault);
    if (!expected)
        co_return expected.error();
    error_code ec = co_await opened->stream->begin();
    if (ec)
        co_return handshake_failure(ec, where.host, opened->fault, clock);
    co_return std::move(opened);
}

}  // namespace agent::net
