#pragma once

#include "platform/wdm_port.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <functional>
#include <string>
#include <vector>

namespace tests {

/// A proxy on an abstract socket of its own, and the modem behind it: says to each message what
/// `answer` gives, as it is; "" is silence.
class framed_peer {
public:
    using responder = std::function<platform::bytes(const platform::bytes&)>;

    framed_peer(boost::asio::io_context& io, platform::frame_length length, responder answer);

    const std::string& name() const { return name_; }
    const std::vector<platform::bytes>& received() const { return received_; }
    /// Hangs up on whoever is connected, at the next message.
    void hang_up() { hangs_up_ = true; }

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::local::stream_protocol::socket client);

    boost::asio::local::stream_protocol::acceptor acceptor_;
    platform::frame_length length_;
    responder answer_;
    std::string name_;
    std::vector<platform::bytes> received_;
    bool hangs_up_ = false;
};

}  // namespace tests
