#include "platform/service.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace platform {
namespace {

void notify(std::string_view message)
{
    const char* path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    std::size_t length = path == nullptr ? 0 : std::strlen(path);
    if (length == 0 || length >= sizeof address.sun_path)
        return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path, length);
    if (path[0] == '@')  // Linux's abstract names
        address.sun_path[0] = '\0';
    int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return;
    // A supervisor that is too busy to listen must not stop the service.
    ::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
        reinterpret_cast<const sockaddr*>(&address),
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
    ::close(descriptor);
}

std::optional<unsigned long> number_in(const char* variable)
{
    const char* text = std::getenv(variable);
    if (text == nullptr)
        return std::nullopt;
    unsigned long out = 0;
    auto [end, ec] = std::from_chars(text, text + std::strlen(text), out);
    return ec == std::errc() && *end == '\0' ? std::optional(out) : std::nullopt;
}

}  // namespace

void notify_ready()
{
    notify("READY=1");
}

void notify_status(std::string_view line)
{
    notify("STATUS=" + std::string(line));
}

void notify_reloading()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    auto microseconds = now.tv_sec * 1'000'000LL + now.tv_nsec / 1'000;
    notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void notify_stopping()
{
    notify("STOPPING=1");
}

void pet_watchdog()
{
    notify("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval()
{
    auto limit = number_in("WATCHDOG_USEC");
    auto process = number_in("WATCHDOG_PID");
    bool is_meant = !process || *process == static_cast<unsigned long>(::getpid());
    if (!limit || *limit == 0 || !is_meant)
        return std::nullopt;
    return std::chrono::microseconds(*limit);
}

}  // namespace platform
