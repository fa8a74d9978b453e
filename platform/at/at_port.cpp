#include "platform/at/at_port.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

namespace asio = boost::asio;

namespace platform::at {
namespace {

constexpr std::chrono::milliseconds first_limit{5'000};

bool is_imei(std::string_view line)
{
    return line.size() == 15 && line.find_first_not_of("0123456789") == line.npos;
}

failure silent(const std::string& device)
{
    return {channel_errc::silent, "modem " + device};
}

}  // namespace

task<void> at_port::open_device()
{
    auto lock = device_lock::take(device_);
    if (!lock)
        co_return lock.error();
    auto executor = co_await asio::this_coro::executor;
    auto port = std::make_unique<asio::serial_port>(executor);
    error_code ec;
    port->open(device_, ec);
    if (ec)
        co_return failure(
            ec == asio::error::in_progress || ec == boost::system::errc::device_or_resource_busy
                ? channel_errc::busy
                : channel_errc::no_device,
            device_ + ": " + ec.message());
    int descriptor = port->native_handle();
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        co_return failure(channel_errc::busy, device_ + " is held by another program");
    int is_exclusive = 0;  // as ModemManager opens ports; root is let in all the same
    if (::ioctl(descriptor, TIOCGEXCL, &is_exclusive) == 0 && is_exclusive != 0)
        co_return failure(channel_errc::busy,
            device_ + " is held by another program alone (is ModemManager running?)");
    port->set_option(asio::serial_port::baud_rate(115'200), ec);
    ::tcflush(descriptor, TCIOFLUSH);
    lock_ = std::move(*lock);
    port_ = std::move(port);
    reader_ = reply_reader();
    is_owed_ = false;
    co_return result<void>();
}

task<void> at_port::open()
{
    auto opened = co_await open_device();
    if (!opened)
        co_return opened.error();
    // A command that was cut off in the middle spoils the first one; so ask again.
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto quiet = co_await command("ATE0", first_limit);
        if (!quiet)
            co_return quiet.error();
        if (quiet->is_ok)
            break;
    }
    auto codes = co_await command("AT+CMEE=1", first_limit);
    if (!codes)
        co_return codes.error();
    // The answer to somebody else's last command may have come late, and every answer would be
    // one behind: an IMEI cannot be mistaken.
    auto serial = co_await command("AT+CGSN", first_limit);
    for (int late = 0; late < 2 && serial && serial->is_ok; ++late) {
        auto found = std::ranges::find_if(serial->lines, is_imei);
        if (found != serial->lines.end()) {
            imei_ = *found;
            break;
        }
        auto next =
            with_timeout(read_reply("AT+CGSN"), std::chrono::milliseconds(500), silent(device_));
        auto another = co_await std::move(next);
        if (!another)
            break;  // a modem without an IMEI
        serial = std::move(another);
    }
    if (!serial)
        co_return serial.error();
    co_return result<void>();
}

void at_port::close()
{
    port_.reset();
    lock_.release();
}

task<reply> at_port::command(wiped_string line, std::chrono::milliseconds limit)
{
    if (!port_)
        co_return failure(channel_errc::card_gone, "modem " + device_ + " is closed");
    auto limited = with_timeout(converse(std::move(line)), limit, silent(device_));
    auto answer = co_await std::move(limited);
    if (!answer)
        close();
    co_return answer;
}

task<reply> at_port::converse(wiped_string line)
{
    if (is_owed_) {
        auto late = co_await read_reply(line);
        if (!late)
            co_return late.error();
    }
    error_code ec;
    wiped_string text = line + "\r";
    is_owed_ = true;
    co_await asio::async_write(
        *port_, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(channel_errc::card_gone, "modem " + device_ + ": " + ec.message());
    auto answer = co_await read_reply(std::move(line));
    is_owed_ = !answer;  // also where the caller was cancelled
    co_return answer;
}

task<reply> at_port::read_reply(wiped_string line)
{
    error_code ec;
    if (auto whole = reader_.take("", line))  // it came together with the one before
        co_return std::move(*whole);
    while (!ec) {
        std::size_t size = co_await port_->async_read_some(
            asio::buffer(buffer_), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            break;
        if (auto whole = reader_.take(std::string_view(buffer_.data(), size), line))
            co_return std::move(*whole);
    }
    co_return failure(channel_errc::card_gone, "modem " + device_ + ": " + ec.message());
}

}  // namespace platform::at
