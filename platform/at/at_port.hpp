#pragma once

#include "platform/at/at_reply.hpp"
#include "platform/device_lock.hpp"
#include "platform/result.hpp"

#include <boost/asio/serial_port.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>

namespace platform::at {

/// A modem's serial port: one command at a time, each with a limit.
class at_port {
public:
    explicit at_port(std::string device) : device_(std::move(device)) {}

    /// Locks the device for this process, opens it raw, switches the echo off and error codes on,
    /// and reads the IMEI. Fails with channel_errc::busy, no_device or silent.
    task<void> open();
    /// Closes and unlocks; the modem echoes and tells its error codes as it did before.
    void close();

    /// See device_lock.
    void note(const std::string& what) { lock_.note(what); }
    const std::string& left_behind() const { return lock_.left_behind(); }

    /// Sends `line` and gives the whole reply, whatever its final line. A port that was silent
    /// until the limit is closed, since a late answer would be taken for the next one's.
    task<reply> command(wiped_string line, std::chrono::milliseconds limit);

    /// 15 digits; empty if the modem tells none.
    const std::string& imei() const { return imei_; }

private:
    task<void> open_device();
    task<void> begin();
    task<void> read_imei();
    void restore_manners() noexcept;
    failure broken(const error_code& why) const;
    task<reply> converse(wiped_string line);
    task<reply> read_reply(wiped_string line);

    std::string device_;
    device_lock lock_;
    std::unique_ptr<boost::asio::serial_port> port_;
    reply_reader reader_;
    bool is_owed_ = false;  // the reply to a command whose caller was cancelled
    std::array<char, 4096> buffer_{};
    std::string imei_;
    bool had_echo_ = false;
    std::string error_codes_{};  // AT+CMEE's setting before; empty if it was ours already
};

}  // namespace platform::at
