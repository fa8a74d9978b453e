#include "platform/unix_listener.hpp"

#include "platform/error.hpp"

#include <cerrno>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace platform {
namespace {

int open_socket()
{
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/// A socket that was left behind by a killed agent refuses connections.
bool is_served(const sockaddr* where, socklen_t size)
{
    int probe = open_socket();
    bool is_alive = probe < 0 || ::connect(probe, where, size) == 0 || errno == EAGAIN;
    ::close(probe);
    return is_alive;
}

bool give_to(const std::string& path, const std::string& group)
{
    if (group.empty())
        return true;
    const struct group* found = ::getgrnam(group.c_str());
    return found != nullptr && ::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) == 0;
}

}  // namespace

bool is_too_long_for_a_socket(const std::string& path)
{
    return path.size() >= sizeof(sockaddr_un::sun_path);
}

result<int> listen_on_unix_socket(const std::string& path, const std::string& group)
{
    if (is_too_long_for_a_socket(path))
        return failure(errc::configuration, "the control socket " + path);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, path.size());
    const auto* address = reinterpret_cast<const sockaddr*>(&where);
    int listener = open_socket();
    if (listener < 0)
        return last_system_failure("listening on " + path);
    if (is_served(address, sizeof where)) {
        ::close(listener);
        return failure(errc::in_use, "another esim-agent runs already; it listens on " + path);
    }
    ::unlink(path.c_str());
    mode_t before = ::umask(0117);
    bool is_bound = ::bind(listener, address, sizeof where) == 0;
    int why = errno;
    ::umask(before);
    if (is_bound && ::listen(listener, SOMAXCONN) != 0) {
        is_bound = false;
        why = errno;
    }
    if (!is_bound) {
        ::close(listener);
        return failure(error_code(why, boost::system::system_category()), "listening on " + path);
    }
    if (!give_to(path, group)) {
        ::close(listener);
        ::unlink(path.c_str());
        return failure(
            errc::configuration, "giving " + path + " to the group '" + group
                                     + "': there must be one, and the agent must be in it");
    }
    return listener;
}

}  // namespace platform
