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
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace agent::net {
namespace {

/// Some seconds for whatever there is, and the time that 9600 baud take.
std::chrono::seconds limit_for(const std::string& bytes)
{
    constexpr std::size_t octets_a_second = 960;
    return std::chrono::seconds(20 + bytes.size() / octets_a_second);
}

template <class Port>
task<void> write_all(Port& to, std::string where, std::string bytes)
{
    error_code ec;
    co_await asio::async_write(
        to, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec, "writing " + where);
    co_return result<void>();
}

task<void> send_over_tcp(std::string where, std::string bytes)
{
    constexpr std::uint16_t jet_direct = 9100;
    auto url = parse_url(where);
    if (!url)
        co_return url.error();
    bool names_port = where.rfind(':') >= where.rfind(']') + 1 && where.rfind(':') > 5;
    if (!names_port)
        url->where.port = jet_direct;
    auto addresses = co_await resolve(url->where);
    if (!addresses)
        co_return addresses.error();
    auto connected = co_await connect(std::move(*addresses));
    if (!connected)
        co_return failure(connected.error().code(),
            "the printer at " + where + ": " + connected.error().detail());
    auto writing = write_all(**connected, where, std::move(bytes));
    co_return co_await std::move(writing);
}

/// A serial line: as it is set, but raw, since a picture's octets are no text. What it has not sent
/// when time is over is dropped: closing would wait for it.
class serial_line {
public:
    explicit serial_line(int file) : file_(file)
    {
        termios mode{};
        is_one_ = ::tcgetattr(file, &mode) == 0;
        if (!is_one_)
            return;
        ::cfmakeraw(&mode);
        ::tcsetattr(file, TCSANOW, &mode);
    }
    ~serial_line()
    {
        if (is_one_)
            ::tcflush(file_, TCOFLUSH);
    }
    serial_line(const serial_line&) = delete;
    serial_line& operator=(const serial_line&) = delete;

    asio::awaitable<void> sent() const
    {
        constexpr std::chrono::milliseconds pause{50};
        int left = 0;
        while (is_one_ && ::ioctl(file_, TIOCOUTQ, &left) == 0 && left > 0)
            co_await platform::pause(pause);
    }

private:
    int file_;
    bool is_one_ = false;
};

task<void> send_to_device(std::string where, std::string bytes)
{
    int file = ::open(where.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        co_return failure(error_code(errno, boost::system::system_category()), "opening " + where);
    auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor port{executor, file};
    serial_line line{file};
    auto writing = write_all(port, where, std::move(bytes));
    auto written = co_await std::move(writing);
    if (written)
        co_await line.sent();
    co_return std::move(written);
}

}  // namespace

task<void> send_to_port(std::string where, std::string bytes)
{
    auto limit = limit_for(bytes);
    failure too_late(
        boost::system::errc::timed_out, where + " takes nothing: is it on, and has it paper?");
    if (where.starts_with("tcp://")) {
        auto sending = send_over_tcp(std::move(where), std::move(bytes));
        auto in_time = platform::with_timeout(std::move(sending), limit, too_late);
        co_return co_await std::move(in_time);
    }
    struct stat about {};
    bool is_device = ::stat(where.c_str(), &about) == 0 && S_ISCHR(about.st_mode);
    bool is_unplugged = where.starts_with("/dev/") && ::access(where.c_str(), F_OK) != 0;
    if (is_unplugged)
        co_return failure(boost::system::errc::no_such_file_or_directory,
            "opening " + where + " (is it plugged in?)");
    if (!is_device)
        co_return platform::write_file(where, bytes);
    auto sending = send_to_device(std::move(where), std::move(bytes));
    auto in_time = platform::with_timeout(std::move(sending), limit, too_late);
    co_return co_await std::move(in_time);
}

}  // namespace agent::net
