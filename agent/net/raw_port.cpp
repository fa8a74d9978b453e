#include "agent/net/raw_port.hpp"

#include "agent/net/connect.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/url.hpp"
#include "platform/storage.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace agent::net {
namespace {

constexpr std::chrono::seconds limit{20};

template <class Port>
task<void> write_all(Port& to, std::string where, std::string bytes)
{
    error_code ec;
    co_await asio::async_write(
        to, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec, where);
    co_return result<void>();
}

task<void> send_over_tcp(std::string where, std::string bytes)
{
    constexpr std::uint16_t jet_direct = 9100;
    auto url = parse_url(where);
    if (!url)
        co_return url.error();
    bool names_port = where.rfind(':') > where.rfind(']') + 1 && where.rfind(':') > 5;
    if (!names_port)
        url->where.port = jet_direct;
    auto addresses = co_await resolve(url->where);
    if (!addresses)
        co_return addresses.error();
    auto connected = co_await connect(std::move(*addresses));
    if (!connected)
        co_return connected.error();
    auto writing = write_all(**connected, where, std::move(bytes));
    co_return co_await std::move(writing);
}

task<void> send_to_device(std::string where, std::string bytes)
{
    int file = ::open(where.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        co_return failure(error_code(errno, boost::system::system_category()), where);
    auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor port{executor, file};
    auto writing = write_all(port, where, std::move(bytes));
    co_return co_await std::move(writing);
}

}  // namespace

task<void> send_to_port(std::string where, std::string bytes)
{
    failure too_late(
        boost::system::errc::timed_out, where + " takes nothing: is it on, and has it paper?");
    if (where.starts_with("tcp://")) {
        auto sending = send_over_tcp(std::move(where), std::move(bytes));
        auto in_time = platform::with_timeout(std::move(sending), limit, too_late);
        co_return co_await std::move(in_time);
    }
    struct stat about {};
    bool is_device = ::stat(where.c_str(), &about) == 0 && S_ISCHR(about.st_mode);
    if (!is_device)
        co_return platform::write_file(where, bytes);
    auto sending = send_to_device(std::move(where), std::move(bytes));
    auto in_time = platform::with_timeout(std::move(sending), limit, too_late);
    co_return co_await std::move(in_time);
}

}  // namespace agent::net
