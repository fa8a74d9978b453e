#include "platform/modemmanager/bus.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/text.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace platform::modemmanager {
namespace {

constexpr const char* usual_address = "unix:path=/run/dbus/system_bus_socket";
constexpr std::chrono::milliseconds greeting_limit{5'000};

/// What an answer that is an error means for the caller.
failure failure_in(DBusMessage& answer)
{
    std::string name = dbus_message_get_error_name(&answer);
    const char* words = "";
    dbus_message_get_args(&answer, nullptr, DBUS_TYPE_STRING, &words, DBUS_TYPE_INVALID);
    std::string said = printable(words);
    bool is_absent = name == DBUS_ERROR_SERVICE_UNKNOWN || name == DBUS_ERROR_NAME_HAS_NO_OWNER;
    if (is_absent)
        return {channel_errc::no_device, "ModemManager does not run"};
    bool is_forbidden = name == DBUS_ERROR_ACCESS_DENIED || name == DBUS_ERROR_AUTH_FAILED
                        || name.ends_with(".Unauthorized");
    if (is_forbidden)
        return {channel_errc::forbidden, "ModemManager: " + said};
    if (name.ends_with(".NotFound"))
        return {channel_errc::no_device, "ModemManager: " + said};
    bool is_lost = name == DBUS_ERROR_NO_REPLY || name == DBUS_ERROR_DISCONNECTED;
    return {is_lost ? channel_errc::card_gone : channel_errc::refused, "ModemManager: " + said};
}

}  // namespace

message method_call(const std::string& service, const std::string& path,
    const std::string& interface, const std::string& method)
{
    message out(dbus_message_new_method_call(
        service.c_str(), path.c_str(), interface.c_str(), method.c_str()));
    dbus_message_set_auto_start(out.get(), FALSE);
    return out;
}

dbus_bool_t bus::add_watch(DBusWatch* watch, void* self)
{
    static_cast<bus*>(self)->watches_.push_back(watch);
    return TRUE;
}

void bus::remove_watch(DBusWatch* watch, void* self)
{
    std::erase(static_cast<bus*>(self)->watches_, watch);
}

task<void> bus::open()
{
    close();
    const char* set = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
    DBusError why = DBUS_ERROR_INIT;
    connection_ = dbus_connection_open_private(set == nullptr ? usual_address : set, &why);
    std::string words = why.message == nullptr ? "" : why.message;
    dbus_error_free(&why);
    if (connection_ == nullptr)
        co_return failure(channel_errc::no_device, "no system bus: " + words);
    dbus_connection_set_exit_on_disconnect(connection_, FALSE);
    dbus_connection_set_watch_functions(
        connection_, add_watch, remove_watch, nullptr, this, nullptr);
    int descriptor = -1;
    dbus_connection_get_unix_fd(connection_, &descriptor);
    auto executor = co_await asio::this_coro::executor;
    socket_ = std::make_unique<asio::posix::stream_descriptor>(
        executor, ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    auto greeted =
        co_await call(method_call(DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "Hello"),
            greeting_limit);
    if (!greeted) {
        close();
        co_return greeted.error();
    }
    co_return result<void>();
}

void bus::close()
{
    socket_.reset();
    if (connection_ == nullptr)
        return;
    dbus_connection_close(connection_);
    dbus_connection_unref(connection_);
    connection_ = nullptr;
    watches_.clear();
}

task<message> bus::call(message request, std::chrono::milliseconds limit)
{
    if (!is_open())
        co_return failure(channel_errc::card_gone, "the connection to the system bus is closed");
    std::string method = dbus_message_get_member(request.get());
    failure late(channel_errc::silent, "ModemManager: " + method);
    auto answer = co_await with_timeout(exchange(std::move(request)), limit, late);
    co_return answer;
}

task<message> bus::exchange(message request)
{
    DBusPendingCall* sent = nullptr;
    dbus_connection_send_with_reply(connection_, request.get(), &sent, DBUS_TIMEOUT_INFINITE);
    pending_call pending(sent);
    if (!pending)
        co_return failure(channel_errc::card_gone, "the system bus hung up");
    while (true) {
        while (dbus_connection_dispatch(connection_) == DBUS_DISPATCH_DATA_REMAINS) {
        }
        if (dbus_pending_call_get_completed(pending.get()))
            break;
        if (!dbus_connection_get_is_connected(connection_))
            co_return failure(channel_errc::card_gone, "the system bus hung up");
        auto what = wants_to_write() ? asio::posix::descriptor_base::wait_write
                                     : asio::posix::descriptor_base::wait_read;
        error_code ec;
        co_await socket_->async_wait(what, asio::redirect_error(asio::use_awaitable, ec));
        serve_watches();
    }
    message answer(dbus_pending_call_steal_reply(pending.get()));
    if (dbus_message_get_type(answer.get()) == DBUS_MESSAGE_TYPE_ERROR)
        co_return failure_in(*answer);
    co_return answer;
}

bool bus::wants_to_write() const
{
    return std::ranges::any_of(watches_, [](DBusWatch* each) {
        return dbus_watch_get_enabled(each)
               && (dbus_watch_get_flags(each) & DBUS_WATCH_WRITABLE) != 0;
    });
}

void bus::serve_watches()
{
    // A copy: libdbus may take watches away while it serves one.
    for (DBusWatch* each : std::vector<DBusWatch*>(watches_)) {
        bool is_ready = std::ranges::count(watches_, each) == 1 && dbus_watch_get_enabled(each);
        if (is_ready)
            dbus_watch_handle(each, dbus_watch_get_flags(each));
    }
}

}  // namespace platform::modemmanager
