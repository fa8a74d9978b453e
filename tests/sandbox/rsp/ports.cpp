#include "tests/sandbox/rsp/ports.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace asio = boost::asio;
using boost::system::error_code;

namespace sandbox::rsp {
namespace {

asio::awaitable<void> wait(std::chrono::milliseconds time)
{
    if (time.count() == 0)
        co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

/// One message: length and octets. Empty at the end of the connection.
template <class Stream>
asio::awaitable<bytes> read_message(Stream& from)
{
    error_code ec;
    std::array<std::uint8_t, 2> head{};
    co_await asio::async_read(
        from, asio::buffer(head), asio::redirect_error(asio::use_awaitable, ec));
    bytes out(ec ? 0U : static_cast<std::size_t>(head[0] << 8 | head[1]));
    if (!out.empty())
        co_await asio::async_read(
            from, asio::buffer(out), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        out.clear();
    co_return out;
}

template <class Stream>
asio::awaitable<void> write_message(Stream& to, bytes content)
{
    error_code ec;
    bytes message{static_cast<std::uint8_t>(content.size() >> 8),
        static_cast<std::uint8_t>(content.size() & 0xffU)};
    platform::append(message, content);
    co_await asio::async_write(
        to, asio::buffer(message), asio::redirect_error(asio::use_awaitable, ec));
}

}  // namespace

socket_port::socket_port(
    asio::io_context& io, const std::string& path, card& inside, faults& active)
    : acceptor_(io), card_(inside), faults_(active)
{
    std::error_code ec;
    std::filesystem::remove(path, ec);
    acceptor_.open();
    acceptor_.bind(path);
    acceptor_.listen();
    asio::co_spawn(io, accept(), asio::detached);
}

void socket_port::kill_client()
{
    if (client_ > 0)
        ::kill(client_, SIGKILL);
}

asio::awaitable<void> socket_port::accept()
{
    error_code ec;
    while (acceptor_.is_open()) {
        auto client =
            co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            continue;
        ucred peer{};
        socklen_t size = sizeof peer;
        ::getsockopt(client.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size);
        client_ = peer.pid;
        card_.reset();
        co_await serve(client);
        client_ = 0;
        card_.reset();
    }
}

asio::awaitable<void> socket_port::serve(asio::local::stream_protocol::socket& client)
{
    while (true) {
        bytes apdu = co_await read_message(client);
        if (apdu.empty())
            co_return;
        co_await wait(card_.delay);
        bytes answer = card_.transmit(apdu);
        if (faults_.strike(fault_kind::mute, card_.last_path()))
            co_await wait(std::chrono::hours(1));
        if (answer.empty())
            co_return;
        co_await write_message(client, std::move(answer));
    }
}

modem_port::modem_port(
    asio::io_context& io, const std::string& link, card& inside, faults& active, dialect speaks)
    : terminal_(io)
    , closing_(io)
    , card_(inside)
    , faults_(active)
    , radio_(inside, active)
    , dialect_(speaks)
{
    int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0)
        throw std::runtime_error("no pseudo-terminal");
    terminal_.assign(master);
    std::string name = ::ptsname(master);
    other_end_ = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios raw{};
    ::tcgetattr(other_end_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(other_end_, TCSANOW, &raw);
    std::error_code ec;
    std::filesystem::remove(link, ec);
    std::filesystem::create_symlink(name, link);
    closing_.assign(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    ::inotify_add_watch(closing_.native_handle(), name.c_str(), IN_CLOSE);
    asio::co_spawn(io, serve(), asio::detached);
    asio::co_spawn(io, follow_closing(), asio::detached);
}

asio::awaitable<void> modem_port::follow_closing()
{
    error_code ec;
    std::array<char, 1024> events{};
    while (!ec) {
        co_await closing_.async_read_some(
            asio::buffer(events), asio::redirect_error(asio::use_awaitable, ec));
        ::ioctl(other_end_, TIOCNXCL);
    }
}

asio::awaitable<void> modem_port::serve()
{
    error_code ec;
    std::string input;
    std::array<char, 4096> block{};
    while (true) {
        std::size_t size = co_await terminal_.async_read_some(
            asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
        input.append(block.data(), size);
        for (auto end = input.find('\r'); end != input.npos; end = input.find('\r')) {
            std::string line = input.substr(0, end);
            input.erase(0, end + 1);
            std::erase(line, '\n');
            if (line.empty())
                continue;
            std::string echo = has_echo_ ? line + "\r" : "";
            std::string said = echo + answer(line);
            co_await wait(std::exchange(wait_, std::chrono::milliseconds(0)));
            bool is_card_mute = faults_.strike(fault_kind::mute, card_.last_path());
            is_mute_ = (is_mute_ || is_card_mute) && faults_.has(fault_kind::mute);
            if (!is_mute_)
                co_await asio::async_write(
                    terminal_, asio::buffer(said), asio::redirect_error(asio::use_awaitable, ec));
        }
    }
}

std::string modem_port::answer(const std::string& line)
{
    const std::string ok = "\r\nOK\r\n";
    const std::string error = has_codes_ ? "\r\n+CME ERROR: 13\r\n" : "\r\nERROR\r\n";
    auto argument = [&line](const char* command) {
        std::string start = command;
        return line.starts_with(start) ? std::optional(line.substr(start.size())) : std::nullopt;
    };
    if (line == "AT")
        return ok;
    if (line.starts_with("ATD*99"))
        return "\r\nCONNECT\r\n";
    if (auto said = radio_.answer(line))
        return *said + ok;
    if (line == "AT+CPIN?" || line == "AT+CIMI")
        return has_codes_ ? "\r\n+CME ERROR: 10\r\n" : error;  // SIM not inserted
    if (line == "ATE0" || line == "ATE1") {
        has_echo_ = line == "ATE1";
        return ok;
    }
    if (auto level = argument("AT+CMEE=")) {
        has_codes_ = *level != "0";
        return ok;
    }
    bool is_unknown = dialect_ == dialect::csim_only && !line.starts_with("AT+CSIM=");
    if (line == "AT+CMEE?")
        return std::string("\r\n+CMEE: ") + (has_codes_ ? "1" : "0") + "\r\n" + ok;
    if (is_unknown)
        return "\r\nERROR\r\n";
    if (faults_.strike(fault_kind::cme_error, card_.last_path())) {
        bool is_hostile = faults_.strike(fault_kind::hostile, "/card");
        std::string why = is_hostile ? "SIM " + std::string(steering) : "13";
        return "\r\n+CME ERROR: " + why + "\r\n";
    }
    // The test forms (27.007) say that there is such a command, and do nothing.
    for (const char* command : {"AT+CCHO=?", "AT+CCHC=?", "AT+CGLA=?", "AT+CSIM=?"})
        if (line == command)
            return ok;
    if (auto aid = argument("AT+CCHO="))
        return open_channel(*aid);
    if (auto session = argument("AT+CCHC=")) {
        bytes closed = card_.transmit(
            bytes{0x00, 0x70, 0x80, static_cast<std::uint8_t>(std::atoi(session->c_str()))});
        return closed == bytes{0x90, 0x00} ? "\r\n+CCHC\r\n" + ok : error;
    }
    if (auto arguments = argument("AT+CGLA=")) {
        auto comma = std::min(arguments->find(','), arguments->size());
        return pass_on("+CGLA", arguments->substr(std::min(comma + 1, arguments->size())));
    }
    if (auto arguments = argument("AT+CSIM="))
        return pass_on("+CSIM", *arguments);
    return "\r\nERROR\r\n";
}

std::string modem_port::open_channel(const std::string& quoted)
{
    const std::string error = has_codes_ ? "\r\n+CME ERROR: 13\r\n" : "\r\nERROR\r\n";
    std::string digits = quoted;
    std::erase(digits, '"');
    auto aid = platform::from_hex(digits);
    bytes channel = card_.transmit(bytes{0x00, 0x70, 0x00, 0x00, 0x01});
    wait_ += card_.delay;
    if (!aid || channel.size() != 3)
        return error;
    bytes select{channel[0], 0xa4, 0x04, 0x00, static_cast<std::uint8_t>(aid->size())};
    platform::append(select, *aid);
    bytes selected = card_.transmit(select);
    bool is_there =
        selected.size() >= 2
        && (selected[selected.size() - 2] == 0x61 || selected[selected.size() - 2] == 0x90);
    if (!is_there) {
        card_.transmit(bytes{0x00, 0x70, 0x80, channel[0]});
        return error;
    }
    std::string session = std::to_string(channel[0]);
    std::string named = dialect_ == dialect::bare_session ? session : "+CCHO: " + session;
    return "\r\n+CREG: 1\r\n\r\n" + named + "\r\n\r\nOK\r\n";
}

std::string modem_port::pass_on(const std::string& prefix, const std::string& arguments)
{
    const std::string error = has_codes_ ? "\r\n+CME ERROR: 13\r\n" : "\r\nERROR\r\n";
    auto comma = std::min(arguments.find(','), arguments.size());
    std::string digits = arguments.substr(std::min(comma + 1, arguments.size()));
    std::erase(digits, '"');
    auto apdu = platform::from_hex(digits);
    bool is_right = apdu && std::to_string(digits.size()) == arguments.substr(0, comma);
    if (!is_right)
        return error;
    wait_ += card_.delay;
    bytes answer = card_.transmit(*apdu);
    if (answer.empty())
        return error;
    std::string text = platform::to_hex(answer);
    return "\r\n" + prefix + ": " + std::to_string(text.size()) + ",\"" + text + "\"\r\n\r\nOK\r\n";
}

reader_port::reader_port(asio::io_context& io, unsigned short port, card& inside, faults& active)
    : port_(port), card_(inside), faults_(active)
{
    asio::co_spawn(io, connect(), asio::detached);
}

asio::awaitable<void> reader_port::connect()
{
    auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), port_);
    while (true) {
        while (!card_.is_in_reader)
            co_await wait(std::chrono::milliseconds(50));
        asio::ip::tcp::socket reader{executor};
        error_code ec;
        co_await reader.async_connect(where, asio::redirect_error(asio::use_awaitable, ec));
        if (!ec) {
            reader.set_option(asio::ip::tcp::no_delay(true), ec);
            co_await serve(reader);
        }
        card_.reset();
        co_await wait(std::chrono::milliseconds(200));
    }
}

asio::awaitable<void> reader_port::serve(asio::ip::tcp::socket& reader)
{
    const bytes atr = *platform::from_hex("3B9F96801FC78031A073BE21136743200718000001A5");
    while (true) {
        // vpcd sends length and message apart, and waits for an acknowledgement in between.
        int at_once = 1;
        ::setsockopt(reader.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
        bytes message = co_await read_message(reader);
        if (message.empty())
            co_return;
        bool is_control = message.size() == 1;
        if (is_control && message[0] == 4) {
            co_await write_message(reader, atr);
            continue;
        }
        if (is_control) {  // power off, power on, reset
            card_.reset();
            continue;
        }
        co_await wait(card_.delay);
        bytes answer = card_.transmit(message);
        if (faults_.strike(fault_kind::mute, card_.last_path()))
            co_await wait(std::chrono::hours(1));
        if (answer.empty())
            co_return;
        co_await write_message(reader, std::move(answer));
    }
}

}  // namespace sandbox::rsp
