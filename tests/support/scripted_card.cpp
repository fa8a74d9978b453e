#include "tests/support/scripted_card.hpp"

#include "platform/bytes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

namespace asio = boost::asio;
using boost::system::error_code;

namespace tests {
namespace {

std::string next_of(std::deque<std::string>& script, const std::string& otherwise)
{
    if (script.empty())
        return otherwise;
    std::string next = std::move(script.front());
    script.pop_front();
    return next;
}

}  // namespace

scripted_card::scripted_card(asio::io_context& io, std::deque<std::string> script)
    : acceptor_(io, asio::local::stream_protocol::endpoint(path())), script_(std::move(script))
{
    asio::co_spawn(io, serve(), asio::detached);
}

asio::awaitable<void> scripted_card::serve()
{
    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    while (true) {
        auto client = co_await acceptor_.async_accept(awaiting);
        if (ec)
            co_return;
        while (!ec) {
            std::array<std::uint8_t, 2> head{};
            co_await asio::async_read(client, asio::buffer(head), awaiting);
            if (ec)
                break;
            platform::bytes apdu(static_cast<std::size_t>(head[0] << 8 | head[1]));
            co_await asio::async_read(client, asio::buffer(apdu), awaiting);
            received_.push_back(platform::to_hex(apdu));
            std::string said = next_of(script_, "6F00");
            if (said.empty())
                break;
            if (said == "silent")
                continue;
            platform::bytes answer = *platform::from_hex(said);
            platform::bytes message(1, static_cast<std::uint8_t>(answer.size() >> 8));
            message.push_back(static_cast<std::uint8_t>(answer.size() & 0xffU));
            platform::append(message, answer);
            co_await asio::async_write(client, asio::buffer(message), awaiting);
        }
        ec.clear();
    }
}

scripted_modem::scripted_modem(asio::io_context& io, std::deque<std::string> script)
    : terminal_(io), script_(std::move(script))
{
    int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0)
        throw std::runtime_error("no pseudo-terminal");
    terminal_.assign(master);
    device_ = ::ptsname(master);
    other_end_ = ::open(device_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios raw{};
    ::tcgetattr(other_end_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(other_end_, TCSANOW, &raw);
    asio::co_spawn(io, serve(), asio::detached);
}

scripted_modem::~scripted_modem()
{
    if (other_end_ >= 0)
        ::close(other_end_);
}

void scripted_modem::say(const std::string& text)
{
    if (::write(terminal_.native_handle(), text.data(), text.size()) < 0)
        throw std::runtime_error("the pseudo-terminal is full");
}

void scripted_modem::unplug()
{
    ::close(std::exchange(other_end_, -1));
    terminal_.close();
}

asio::awaitable<void> scripted_modem::serve()
{
    error_code ec;
    std::string input;
    std::array<char, 4096> block{};
    while (!ec) {
        std::size_t size = co_await terminal_.async_read_some(
            asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
        input.append(block.data(), ec ? 0 : size);
        for (auto end = input.find('\r'); end != input.npos; end = input.find('\r')) {
            received_.push_back(input.substr(0, end));
            input.erase(0, end + 1);
            std::string said = next_of(script_, "\r\nERROR\r\n");
            if (said != "silent")
                say(said);
        }
    }
}

}  // namespace tests
