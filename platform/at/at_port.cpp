#include "platform/at/at_port.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/holders.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace platform::at {
namespace {

constexpr std::chrono::milliseconds first_limit{4'000};

/// Who else has the device open, for the end of a sentence.
std::string others_at(const std::string& device)
{
    std::string out;
    for (const std::string& each : holders_of(device))
        out += (out.empty() ? "; " : ", ") + each;
    if (!out.empty())
        return out + " has it open, too";
    // /proc shows an ordinary user no other user's files.
    bool is_likely = ::geteuid() != 0 && is_running("ModemManager");
    return is_likely ? "; ModemManager runs, and may have it open" : "";
}

/// With who else is there, which takes a look at every process: once it is too late only.
failure silent(const std::string& device)
{
    return {channel_errc::silent, "modem " + device + others_at(device)};
}

failure too_late()
{
    return {channel_errc::silent};
}

failure held(const std::string& device)
{
    auto holders = holders_of(device);
    std::string who = "another program";
    if (!holders.empty())
        who = holders.front();
    else if (is_running("ModemManager"))
        who = "another program, probably ModemManager";
    return {channel_errc::busy, device + " is held by " + who};
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
    bool is_held =
        ec == asio::error::in_progress || ec == boost::system::errc::device_or_resource_busy;
    if (is_held)
        co_return held(device_);
    if (ec)
        co_return failure(channel_errc::no_device, device_ + ": " + ec.message());
    int descriptor = port->native_handle();
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        co_return held(device_);
    int is_exclusive = 0;  // as ModemManager opens ports; root is let in all the same
    if (::ioctl(descriptor, TIOCGEXCL, &is_exclusive) == 0 && is_exclusive != 0)
        co_return held(device_);
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
    auto begun = co_await begin();
    if (!begun)
        co_return begun.error();
    auto codes = co_await command("AT+CMEE?", first_limit);
    if (!codes)
        co_return codes.error();
    error_codes_ = codes->after("+CMEE:").value_or("");
    if (error_codes_ != "1") {
        auto set = co_await command("AT+CMEE=1", first_limit);
        if (!set)
            co_return set.error();
    } else {
        error_codes_.clear();
    }
    auto read = co_await read_imei();
    co_return read;
}

/// Switches the echo off. A modem that was just switched on may not hear the first lines, and a
/// command that was cut off in the middle spoils the first: so it is asked again.
task<void> at_port::begin()
{
    constexpr int most_attempts = 3;
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        is_owed_ = false;
        auto quiet = co_await with_timeout(converse("ATE0"), first_limit, too_late());
        bool is_silent = !quiet && quiet.error() == channel_errc::silent;
        if (!quiet && !is_silent)
            co_return quiet.error();
        if (quiet && attempt == 0)
            had_echo_ = reader_.saw_echo();
        if (quiet && quiet->is_ok)
            co_return result<void>();
        bool is_odd = quiet && attempt > 0;  // it answers, if not as it should
        if (is_odd)
            co_return result<void>();
    }
    close();
    co_return silent(device_);
}

/// The answer to somebody else's last command may have come late, and every answer would be one
/// behind: an IMEI cannot be mistaken.
task<void> at_port::read_imei()
{
    imei_.clear();
    for (const char* asked : {"AT+CGSN", "AT+CGSN=1"}) {
        auto serial = co_await command(asked, first_limit);
        for (int late = 0; late < 2 && serial && serial->is_ok; ++late) {
            imei_ = imei_in(*serial);
            if (!imei_.empty())
                co_return result<void>();
            auto next = with_timeout(read_reply(asked), std::chrono::milliseconds(300), too_late());
            auto another = co_await std::move(next);
            if (!another)
                break;  // a modem without an IMEI, or one that wants the other form
            serial = std::move(another);
        }
        if (!serial)
            co_return serial.error();
    }
    co_return result<void>();
}

/// Without waiting for an answer: who comes next throws that away.
void at_port::restore_manners() noexcept
{
    std::string line;
    if (had_echo_)
        line = "E1";
    if (!error_codes_.empty())
        line += "+CMEE=" + error_codes_;
    had_echo_ = false;
    error_codes_.clear();
    if (line.empty() || is_owed_)
        return;
    line = "AT" + line + "\r";
    static_cast<void>(::write(port_->native_handle(), line.data(), line.size()) < 0);
}

void at_port::close()
{
    if (port_)
        restore_manners();
    port_.reset();
    lock_.release();
}

failure at_port::broken(const error_code& why) const
{
    return {channel_errc::card_gone, "modem " + device_ + ": " + why.message()};
}

task<reply> at_port::command(wiped_string line, std::chrono::milliseconds limit)
{
    if (!port_)
        co_return failure(channel_errc::card_gone, "modem " + device_ + " is closed");
    auto limited = with_timeout(converse(std::move(line)), limit, too_late());
    auto answer = co_await std::move(limited);
    if (answer)
        co_return answer;
    bool is_silent = answer.error() == channel_errc::silent;
    failure why = is_silent ? silent(device_) : answer.error();
    close();
    co_return why;
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
        co_return broken(ec);
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
    co_return broken(ec);
}

}  // namespace platform::at
