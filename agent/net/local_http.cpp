#include "agent/net/local_http.hpp"

#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/timeout.hpp"
#include "platform/unix_listener.hpp"

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
    std::vector<header> more;
    more.emplace_back("Host", "localhost");
    if (!stays_open)
        more.emplace_back("Connection", "close");
    ec = co_await write_in_time(*out.connection, to_wire(request, more));
    if (ec)
        co_return failure(ec, path);
    message_limits limits;
    message_reader<http_response> reader(limits);
    wiped_string rest;
    if (stays_open)
        ec = co_await reader.read_head(*out.connection, rest);
    else
        ec = co_await reader.read(*out.connection, rest);
    if (ec)
        co_return failure(ec, path);
    out.response = std::move(reader.message());
    co_return out;
}

}  // namespace

task<local_answer> ask_local(
    std::string path, http_request request, bool stays_open, std::chrono::milliseconds limit)
{
    if (platform::is_too_long_for_a_socket(path))
        co_return failure(platform::errc::configuration, "the control socket " + path);
    failure too_late(errc::timeout, "whoever listens on " + path + " does not answer");
    auto asking = platform::with_timeout(
        exchange_local(std::move(path), std::move(request), stays_open), limit, too_late);
    auto answer = co_await std::move(asking);
    co_return answer;
}

}  // namespace agent::net
