#include "agent/print/printer.hpp"

#include "agent/net/connect.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/url.hpp"
#include "platform/error.hpp"
#include "platform/output_port.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace agent::print {
namespace {

task<void> send_over_tcp(std::string where, std::string bytes)
{
    constexpr std::uint16_t jet_direct = 9100;
    auto url = net::parse_url(where);
    if (!url)
        co_return url.error();
    bool names_port = where.rfind(':') >= where.rfind(']') + 1 && where.rfind(':') > 5;
    if (!names_port)
        url->where.port = jet_direct;
    auto addresses = co_await net::resolve(url->where);
    if (!addresses)
        co_return addresses.error();
    auto connected = co_await net::connect(std::move(*addresses));
    if (!connected)
        co_return connected.error().after("the printer at " + where + ": ");
    error_code ec;
    co_await asio::async_write(
        **connected, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec, "writing " + where);
    co_return result<void>();
}

}  // namespace

task<void> send_to_printer(std::string where, std::string bytes)
{
    if (!where.starts_with("tcp://"))
        return platform::send_to_port(std::move(where), std::move(bytes));
    auto limit = platform::output_limit(bytes);
    failure too_late(
        platform::errc::output_stuck, where + " takes nothing: is it on, and has it paper?");
    return platform::with_timeout(
        send_over_tcp(std::move(where), std::move(bytes)), limit, too_late);
}

}  // namespace agent::print
