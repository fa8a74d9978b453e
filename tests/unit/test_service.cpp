#include "platform/service.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace platform;

namespace {

/// A service manager's end of sd_notify.
class manager {
public:
    explicit manager(const std::string& path)
    {
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size());
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ~manager()
    {
        ::close(socket_);
        ::unsetenv("NOTIFY_SOCKET");
    }
    manager(const manager&) = delete;
    manager& operator=(const manager&) = delete;

    std::string heard() const
    {
        char text[256];
        ssize_t size = ::recv(socket_, text, sizeof text, 0);
        return {text, size > 0 ? static_cast<std::size_t>(size) : 0U};
    }

private:
    int socket_ = -1;
};

}  // namespace

TEST_CASE("a service manager hears what the daemon does, in sd_notify's words", "[service]")
{
    tests::temporary_directory files;
    notify_ready();  // nobody listens: nothing happens
    manager listens{files.path() + "/notify"};
    notify_ready();
    CHECK(listens.heard() == "READY=1");
    notify_status("loading the profile (45 %)");
    CHECK(listens.heard() == "STATUS=loading the profile (45 %)");
    notify_reloading();
    CHECK(listens.heard().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    notify_stopping();
    CHECK(listens.heard() == "STOPPING=1");
    pet_watchdog();
    CHECK(listens.heard() == "WATCHDOG=1");
}

TEST_CASE(
    "the watchdog is fed as often as the manager wants it, if it means this process", "[service]")
{
    CHECK_FALSE(watchdog_interval());
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    CHECK(watchdog_interval() == std::chrono::seconds(30));
    ::setenv("WATCHDOG_PID", "1", 1);
    CHECK_FALSE(watchdog_interval());
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    CHECK(watchdog_interval());
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
}
