#pragma once

#include "platform/result.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <dbus/dbus.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace platform::modemmanager {

struct message_deleter {
    void operator()(DBusMessage* each) const { dbus_message_unref(each); }
};
using message = std::unique_ptr<DBusMessage, message_deleter>;

/// The call of a method, without arguments yet; it starts no service that does not run.
message method_call(const std::string& service, const std::string& path,
    const std::string& interface, const std::string& method);

/// A connection of our own to the system bus, served by our loop: one call at a time. What the bus
/// does for us ends with the connection, also when this process is killed.
class bus {
public:
    bus() = default;
    ~bus() { close(); }
    bus(const bus&) = delete;
    bus& operator=(const bus&) = delete;

    /// Connects to DBUS_SYSTEM_BUS_ADDRESS, or to the usual socket. Fails with no_device if there
    /// is no bus.
    task<void> open();
    void close();
    bool is_open() const { return connection_ != nullptr; }

    /// The answer. Fails with a channel_errc: no_device if the service does not run or knows
    /// nothing of that name, forbidden if this user may not, refused if it says no, silent after
    /// `limit`.
    task<message> call(message request, std::chrono::milliseconds limit);

private:
    struct pending_deleter {
        void operator()(DBusPendingCall* each) const
        {
            dbus_pending_call_cancel(each);
            dbus_pending_call_unref(each);
        }
    };
    using pending_call = std::unique_ptr<DBusPendingCall, pending_deleter>;

    static dbus_bool_t add_watch(DBusWatch* watch, void* self);
    static void remove_watch(DBusWatch* watch, void* self);

    task<message> exchange(message request);
    bool wants_to_write() const;
    void serve_watches();

    DBusConnection* connection_ = nullptr;
    std::vector<DBusWatch*> watches_;  // libdbus's own; they say what it waits for
    std::unique_ptr<boost::asio::posix::stream_descriptor> socket_;
};

}  // namespace platform::modemmanager
