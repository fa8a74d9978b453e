#include "platform/terminal.hpp"
#include "platform/error.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace platform {

std::optional<terminal_size> terminal_size_of(int descriptor)
{
    if (::isatty(descriptor) == 0)
        return std::nullopt;
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return terminal_size{};
    return terminal_size{.columns = size.ws_col, .rows = size.ws_row};
}

bool locale_is_utf8()
{
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0')
            continue;
        std::string_view locale = value;
        return locale.find("UTF-8") != locale.npos || locale.find("utf8") != locale.npos;
    }
    return false;
}

namespace {

/// The terminal does not show what is typed while this lives.
class hidden_input {
public:
    explicit hidden_input(int descriptor) : descriptor_(descriptor)
    {
        is_hidden_ = ::tcgetattr(descriptor, &before_) == 0;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        // Stopped or killed in the middle, the shell would be left without its echo.
        hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
        hidden.c_cc[VQUIT] = _POSIX_VDISABLE;
        if (is_hidden_)
            ::tcsetattr(descriptor, TCSAFLUSH, &hidden);
    }
    ~hidden_input()
    {
        if (is_hidden_)
            ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    }
    hidden_input(const hidden_input&) = delete;
    hidden_input& operator=(const hidden_input&) = delete;

private:
    int descriptor_;
    bool is_hidden_ = false;
    termios before_{};
};

task<wiped_string> ask_line(std::string question, bool is_hidden)
{
    failure nobody(errc::no_terminal, "there is no terminal to ask on");
    if (::isatty(STDIN_FILENO) == 0)
        co_return nobody;
    int descriptor = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        co_return nobody;
    auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor terminal{executor, descriptor};
    std::optional<hidden_input> hidden;
    if (is_hidden)
        hidden.emplace(descriptor);

    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    co_await asio::async_write(terminal, asio::buffer(question), awaiting);
    wiped_string line;
    line.reserve(256);
    auto buffer = asio::dynamic_buffer(line, 256);
    if (!ec)
        co_await asio::async_read_until(terminal, buffer, '\n', awaiting);
    if (ec == asio::error::operation_aborted)
        throw boost::system::system_error(ec);
    bool is_closed = ec == asio::error::eof;  // Ctrl-D answers nothing
    if (ec && !is_closed)
        co_return failure(ec, "reading the answer from the terminal");
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.pop_back();
    const std::string_view newline = "\n";
    if (is_hidden)
        co_await asio::async_write(terminal, asio::buffer(newline), awaiting);
    co_return line;
}

}  // namespace

task<std::string> ask(std::string question)
{
    auto line = co_await ask_line(std::move(question), false);
    if (!line)
        co_return line.error();
    co_return std::string(*line);
}

task<secret> ask_secret(std::string question)
{
    auto line = co_await ask_line(std::move(question), true);
    if (!line)
        co_return line.error();
    co_return secret(*line);
}

}  // namespace platform
