#pragma once

#include "platform/device_lock.hpp"
#include "platform/logical_channel.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <string>

namespace platform::socket {

/// A card behind a Unix socket: esim-sandbox, or an integrator's own bridge. Both ways each
/// message is a length (two octets, big-endian) and that many octets: a command APDU, then its
/// answer with the status word. An empty answer says that the card is gone
/// (esim-agent.xml(5), CARD BRIDGES).
class socket_channel final : public logical_channel {
public:
    explicit socket_channel(std::string path) : path_(std::move(path)) {}

    task<void> acquire() override;
    void release() override;
    task<std::string> imei() override;
    bool has_modem() const override { return false; }

protected:
    task<bytes> exchange(bytes apdu, std::chrono::milliseconds limit) override;

private:
    task<bytes> converse(bytes apdu);
    task<bytes> read_message();

    std::string path_;
    device_lock lock_;
    std::unique_ptr<boost::asio::local::stream_protocol::socket> socket_;
    bytes inbox_;           // what has arrived of the next message
    bool is_owed_ = false;  // the answer to an APDU whose caller was cancelled
};

}  // namespace platform::socket
