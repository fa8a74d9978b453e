#pragma once

#include "tests/support/temporary.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <deque>
#include <string>
#include <vector>

namespace tests {

/// A card behind a Unix socket that plays its script: an answer (hexadecimal digits) for each
/// APDU, "" to hang up, "silent" to say nothing. Beyond the script it answers 6F00.
class scripted_card {
public:
    scripted_card(boost::asio::io_context& io, std::deque<std::string> script);

    std::string path() const { return directory_.path() + "/card"; }
    /// The APDUs as they came, in hexadecimal digits.
    const std::vector<std::string>& received() const { return received_; }

private:
    boost::asio::awaitable<void> serve();

    temporary_directory directory_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::deque<std::string> script_;
    std::vector<std::string> received_;
};

/// A modem on a pseudo-terminal that plays its script: what it says to each line (after "\r"),
/// "silent" to say nothing. Beyond the script it says ERROR.
class scripted_modem {
public:
    scripted_modem(boost::asio::io_context& io, std::deque<std::string> script);
    ~scripted_modem();
    scripted_modem(const scripted_modem&) = delete;
    scripted_modem& operator=(const scripted_modem&) = delete;

    const std::string& device() const { return device_; }
    const std::vector<std::string>& received() const { return received_; }
    /// Says something unasked.
    void say(const std::string& text);
    /// The USB plug is pulled.
    void unplug();

private:
    boost::asio::awaitable<void> serve();

    boost::asio::posix::stream_descriptor terminal_;
    int other_end_ = -1;
    std::string device_;
    std::deque<std::string> script_;
    std::vector<std::string> received_;
};

}  // namespace tests
