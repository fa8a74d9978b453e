#pragma once

#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/rsp/card.hpp"
#include "tests/sandbox/rsp/radio.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <string>

namespace sandbox::rsp {

// The ways to the card: a modem, a reader, a socket. A card that does not answer is taken out of
// the reader and the socket; the modem says +CME ERROR: 13, or nothing.

/// A Unix socket for one client at a time: length (two octets) and APDU, both ways.
class socket_port {
public:
    socket_port(boost::asio::io_context& io, const std::string& path, card& inside, faults& active);

    /// Kills the process that has the card.
    void kill_client();

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::local::stream_protocol::socket& client);

    boost::asio::local::stream_protocol::acceptor acceptor_;
    card& card_;
    faults& faults_;
    int client_ = 0;  // process id
};

/// A modem on a pseudo-terminal, linked at `link`: AT+CCHO, CGLA, CCHC and CSIM, echo, unsolicited
/// lines.
class modem_port {
public:
    enum class dialect { usual, bare_session, csim_only };

    modem_port(boost::asio::io_context& io, const std::string& link, card& inside, faults& active,
        dialect speaks);

    const radio& inside() const { return radio_; }

private:
    boost::asio::awaitable<void> serve();
    /// A serial port that was closed is no longer anybody's alone (TIOCEXCL); a pseudo-terminal
    /// whose other end stays open would be.
    boost::asio::awaitable<void> follow_closing();
    std::string answer(const std::string& line);
    std::string open_channel(const std::string& aid);
    std::string pass_on(const std::string& prefix, const std::string& arguments);

    boost::asio::posix::stream_descriptor terminal_;
    boost::asio::posix::stream_descriptor closing_;  // inotify
    int other_end_ = -1;  // kept open, so that the modem outlives its users
    card& card_;
    faults& faults_;
    radio radio_;
    dialect dialect_;
    bool has_echo_ = true;
    bool has_codes_ = false;
    bool is_mute_ = false;
    std::chrono::milliseconds wait_{0};
};

/// A card in pcscd's vpcd reader (vsmartcard): connects to it, and again when it is gone.
class reader_port {
public:
    reader_port(boost::asio::io_context& io, unsigned short port, card& inside, faults& active);

private:
    boost::asio::awaitable<void> connect();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket& reader);

    unsigned short port_;
    card& card_;
    faults& faults_;
};

}  // namespace sandbox::rsp
