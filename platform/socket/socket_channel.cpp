#include "platform/socket/socket_channel.hpp"

#include "platform/timeout.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <sys/un.h>

namespace asio = boost::asio;

namespace platform::socket {

task<void> socket_channel::acquire()
{
    using local = asio::local::stream_protocol;
    if (path_.size() >= sizeof(sockaddr_un::sun_path))
        co_return failure(channel_errc::no_device, path_ + ": the path is too long for a socket");
    auto lock = device_lock::take(path_);
    if (!lock)
        co_return lock.error();
    auto executor = co_await asio::this_coro::executor;
    auto made = std::make_unique<local::socket>(executor);
    local::endpoint where(path_);
    error_code ec;
    co_await made->async_connect(where, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(channel_errc::no_device, path_ + ": " + ec.message());
    lock_ = std::move(*lock);
    socket_ = std::move(made);
    inbox_.clear();
    is_owed_ = false;
    co_return result<void>();
}

void socket_channel::release()
{
    socket_.reset();
    lock_.release();
    forget_channel();
}

task<std::string> socket_channel::imei()
{
    co_return std::string();
}

task<bytes> socket_channel::exchange(bytes apdu, std::chrono::milliseconds limit)
{
    if (!socket_)
        co_return failure(channel_errc::card_gone, path_);
    failure too_late(channel_errc::silent, path_);
    auto limited = with_timeout(converse(std::move(apdu)), limit, std::move(too_late));
    auto answer = co_await std::move(limited);
    if (!answer)
        release();
    co_return answer;
}

task<bytes> socket_channel::converse(bytes apdu)
{
    if (is_owed_) {
        auto late = co_await read_message();
        if (!late)
            co_return late.error();
    }
    error_code ec;
    bytes message;
    message.push_back(static_cast<std::uint8_t>(apdu.size() >> 8));
    message.push_back(static_cast<std::uint8_t>(apdu.size() & 0xff));
    append(message, apdu);
    is_owed_ = true;
    co_await asio::async_write(
        *socket_, asio::buffer(message), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(channel_errc::card_gone, path_ + ": " + ec.message());
    auto answer = co_await read_message();
    is_owed_ = !answer;  // also where the caller was cancelled
    co_return answer;
}

/// Keeps what has arrived, so that it can be cancelled and called again.
task<bytes> socket_channel::read_message()
{
    error_code ec;
    std::array<std::uint8_t, 1024> block{};
    auto size = [this] { return static_cast<std::size_t>(inbox_[0] << 8 | inbox_[1]); };
    while (inbox_.size() < 2 || inbox_.size() < 2 + size()) {
        std::size_t got = co_await socket_->async_read_some(
            asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return failure(channel_errc::card_gone, path_ + ": " + ec.message());
        append(inbox_, byte_view(block).first(got));
    }
    auto end = inbox_.begin() + static_cast<std::ptrdiff_t>(2 + size());
    bytes answer(inbox_.begin() + 2, end);
    inbox_.erase(inbox_.begin(), end);
    if (answer.empty())
        co_return failure(channel_errc::card_gone, path_);
    if (answer.size() < 2)
        co_return failure(channel_errc::malformed_answer, path_);
    co_return answer;
}

}  // namespace platform::socket
