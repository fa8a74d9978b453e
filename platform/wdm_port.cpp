#include "platform/wdm_port.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/holders.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace asio = boost::asio;

namespace platform {
namespace {

constexpr std::size_t most_at_once = 4096;  // what a control transfer has

/// Our own descriptor until somebody takes it.
class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    int get() const { return number_; }
    int take() { return std::exchange(number_, -1); }

private:
    int number_;
};

/// A connection to the Unix socket of that abstract name; -1 if nobody listens.
result<int> connect_to(const std::string& name)
{
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    // An abstract name begins with a zero, and ends where the address does (unix(7)).
    if (name.size() + 1 > sizeof where.sun_path)
        return failure(channel_errc::no_device, name + ": too long a name for a socket");
    std::memcpy(where.sun_path + 1, name.data(), name.size());
    auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (made.get() < 0)
        return last_system_failure("opening a socket");
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&where), size) == 0)
        return made.take();
    if (errno == ECONNREFUSED)
        return -1;
    if (errno == EAGAIN)
        return failure(channel_errc::busy, name + " takes nobody in at the moment");
    return failure(channel_errc::no_device, name + ": " + std::strerror(errno));
}

}  // namespace

bool is_listening(const std::string& name)
{
    auto connected = connect_to(name);
    descriptor ends(connected ? *connected : -1);
    return connected && *connected >= 0;
}

result<int> wdm_port::open_node()
{
    auto holders = holders_of(device_);
    if (!holders.empty())
        return failure(channel_errc::busy, device_ + " is held by " + holders.front() + ", and no "
                                               + proxy_ + " runs to share it");
    descriptor made(::open(device_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (made.get() >= 0)
        return made.take();
    if (errno == EBUSY)
        return failure(channel_errc::busy, device_ + " is held by another program");
    return failure(channel_errc::no_device, device_ + ": " + std::strerror(errno));
}

task<void> wdm_port::open()
{
    auto lock = device_lock::take(device_);
    if (!lock)
        co_return lock.error();
    auto opened = connect_to(proxy_);
    is_shared_ = opened && *opened >= 0;
    if (opened && !is_shared_)
        opened = open_node();
    if (!opened)
        co_return opened.error();
    auto executor = co_await asio::this_coro::executor;
    stream_ = std::make_unique<asio::posix::stream_descriptor>(executor, *opened);
    lock_ = std::move(*lock);
    inbox_.clear();
    has_heard_ = false;
    co_return result<void>();
}

void wdm_port::close()
{
    stream_.reset();
    lock_.release();
}

failure wdm_port::broken(const error_code& why) const
{
    if (!is_shared_)
        return {channel_errc::card_gone, "modem " + device_ + ": " + why.message()};
    bool is_shut_out = !has_heard_ && ::geteuid() != 0;
    if (is_shut_out)  // both proxies look at who calls, and hang up
        return {channel_errc::no_device, proxy_ + " serves root alone"};
    return {channel_errc::card_gone, "modem " + device_ + ": " + proxy_ + " hung up"};
}

task<void> wdm_port::write(bytes message)
{
    if (!stream_)
        co_return failure(channel_errc::card_gone, "modem " + device_ + " is closed");
    error_code ec;
    co_await asio::async_write(
        *stream_, asio::buffer(message), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return broken(ec);
    co_return result<void>();
}

task<bytes> wdm_port::read()
{
    error_code ec;
    bytes block(most_at_once);
    while (stream_) {
        auto length = length_(inbox_);
        if (!length)
            co_return failure(channel_errc::malformed_answer, "modem " + device_);
        bool is_whole = *length != 0 && inbox_.size() >= *length;
        if (is_whole) {
            auto end = inbox_.begin() + static_cast<std::ptrdiff_t>(*length);
            bytes message(inbox_.begin(), end);
            inbox_.erase(inbox_.begin(), end);
            co_return message;
        }
        std::size_t got =
            co_await stream_->async_read_some(asio::buffer(block.data(), block.size()),
                asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return broken(ec);
        has_heard_ = true;
        append(inbox_, byte_view(block).first(got));
    }
    co_return failure(channel_errc::card_gone, "modem " + device_ + " is closed");
}

void wdm_port::say_last(const bytes& message) noexcept
{
    if (stream_)
        static_cast<void>(::write(stream_->native_handle(), message.data(), message.size()) < 0);
}

}  // namespace platform
