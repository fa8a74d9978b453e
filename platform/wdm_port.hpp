#pragma once

#include "platform/bytes.hpp"
#include "platform/device_lock.hpp"
#include "platform/result.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace platform {

/// The length of the message that these octets begin: 0 as long as it cannot be told, nothing if
/// they begin none.
using frame_length = std::optional<std::size_t> (*)(byte_view begin);

/// A modem's control port (/dev/cdc-wdm0), which speaks QMI or MBIM: through the proxy by which
/// ModemManager and others share it, or the node itself where no proxy runs and nobody has it open
/// (two programs on one node steal each other's answers). All calls fail with a channel_errc.
class wdm_port {
public:
    /// `proxy` is the abstract name of the proxy's Unix socket.
    wdm_port(std::string device, std::string proxy, frame_length length)
        : device_(std::move(device)), proxy_(std::move(proxy)), length_(length)
    {
    }

    /// Connects. Whether the proxy can reach the device is asked in the protocol.
    task<void> open();
    void close();
    bool is_open() const { return stream_ != nullptr; }
    /// True if others use the modem by the same proxy.
    bool is_shared() const { return is_shared_; }
    const std::string& device() const { return device_; }
    device_lock& lock() { return lock_; }

    task<void> write(bytes message);
    /// The next whole message; what has come of one is kept if the caller is cancelled.
    task<bytes> read();
    /// Says something that nobody waits for, as far as it can be said at once.
    void say_last(const bytes& message) noexcept;

private:
    result<int> open_node();
    failure broken(const error_code& why) const;

    std::string device_;
    std::string proxy_;
    frame_length length_;
    device_lock lock_;
    std::unique_ptr<boost::asio::posix::stream_descriptor> stream_;
    bytes inbox_;
    bool is_shared_ = false;
    bool has_heard_ = false;  // anything at all from the other end
};

/// True if a Unix socket of that abstract name is listened to, as the proxies' are.
bool is_listening(const std::string& name);

}  // namespace platform
