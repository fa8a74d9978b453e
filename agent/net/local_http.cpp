#include "agent/net/local_http.hpp"

#include "agent/net/error.hpp"
#include "agent/net/http_message.hpp"
#include "platform/error.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace agent::net {
namespace {

task<local_answer> exchange_local(std::string path, http_request request, bool stays_open)
{
    auto executor = co_await asio::this_coro::executor;
    stream_socket socket{executor};
    error_code ec;
    asio::generic::stream_protocol::endpoint where = asio::local::stream_protocol::endpoint(path);
    co_await socket.async_connect(where, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec, path);
    local_answer out;
    out.connection = make_plain_stream(std::move(socket));
    std::string text = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!stays_open)
        text += "Connection: close\r\n";
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n";
    text += request.body;
    ec = co_await write_in_time(*out.connection, std::move(text));
    if (ec)
        co_return failure(ec, path);
    message_parser<false> parser;
    constexpr std::uint64_t most_bytes = 16 * 1024 * 1024;
    parser.body_limit(most_bytes);
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
    std::string path, http_request request, bool stays_open, std::chrono::milliseconds limit)
{
    if (is_too_long_for_a_socket(path))
        co_return failure(platform::errc::configuration, "the control socket " + path);
    failure too_late(errc::timeout, "whoever listens on " + path + " does not answer");
    auto asking = platform::with_timeout(
        exchange_local(std::move(path), std::move(request), stays_open), limit, too_late);
    auto answer = co_await std::move(asking);
    co_return answer;
}

}  // namespace agent::net
