#include "platform/output_port.hpp"

#include "platform/error.hpp"
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

namespace platform {

std::chrono::seconds output_limit(const std::string& octets)
{
    constexpr std::size_t octets_a_second = 960;
    return std::chrono::seconds(20 + octets.size() / octets_a_second);
}

namespace {

namespace asio = boost::asio;

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
        // A pseudo-terminal would drop also what the other end has not read yet.
        if (is_one_ && !is_all_sent_)
            ::tcflush(file_, TCOFLUSH);
    }
    serial_line(const serial_line&) = delete;
    serial_line& operator=(const serial_line&) = delete;

    asio::awaitable<void> sent()
    {
        constexpr std::chrono::milliseconds pause{50};
        int left = 0;
        while (is_one_ && ::ioctl(file_, TIOCOUTQ, &left) == 0 && left > 0)
            co_await platform::pause(pause);
        is_all_sent_ = true;
    }

private:
    int file_;
    bool is_one_ = false;
    bool is_all_sent_ = false;
};

task<void> send_to_device(std::string where, std::string octets)
{
    int file = ::open(where.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        co_return failure(error_code(errno, boost::system::system_category()), "opening " + where);
    auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor port{executor, file};
    serial_line line{file};
    error_code ec;
    co_await asio::async_write(
        port, asio::buffer(octets), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec, "writing " + where);
    co_await line.sent();
    co_return result<void>();
}

}  // namespace

task<void> send_to_port(std::string where, std::string octets)
{
    struct stat about {};
    bool is_device = ::stat(where.c_str(), &about) == 0 && S_ISCHR(about.st_mode);
    bool is_unplugged = where.starts_with("/dev/") && ::access(where.c_str(), F_OK) != 0;
    if (is_unplugged)
        co_return failure(boost::system::errc::no_such_file_or_directory,
            "opening " + where + " (is it plugged in?)");
    if (!is_device)
        co_return write_file(where, octets);
    if (auto good = may_write_to(where); !good)
        co_return good.error();
    auto limit = output_limit(octets);
    failure too_late(errc::output_stuck, where + " takes nothing: is it on, and has it paper?");
    auto sending = send_to_device(std::move(where), std::move(octets));
    auto in_time = with_timeout(std::move(sending), limit, too_late);
    co_return co_await std::move(in_time);
}

}  // namespace platform
