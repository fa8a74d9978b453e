#pragma once

#include "platform/device_lock.hpp"
#include "platform/logical_channel.hpp"

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <string>
#include <vector>

namespace platform::pcsc {

/// A card in a reader, by pcscd (libpcsclite). Its calls block, so they are made in a thread of
/// their own: the caller can leave at any time, and a reader that hangs holds up nobody.
class pcsc_channel final : public logical_channel {
public:
    /// The reader whose name begins with `reader`, or, if that is empty, the first whose card has
    /// one of `applications`.
    pcsc_channel(std::string reader, std::vector<bytes> applications);
    pcsc_channel(const pcsc_channel&) = delete;
    pcsc_channel& operator=(const pcsc_channel&) = delete;
    ~pcsc_channel() override;

    task<void> acquire() override;
    void release() override;
    task<std::string> imei() override;
    bool has_modem() const override { return false; }

protected:
    task<bytes> exchange(bytes apdu, std::chrono::milliseconds limit) override;

private:
    struct card;

    task<void> connect_to(std::string reader);
    task<bool> has_application();

    std::string wanted_;
    std::vector<bytes> applications_;
    boost::asio::thread_pool& worker_;
    std::shared_ptr<card> card_;
    device_lock lock_;
};

}  // namespace platform::pcsc
