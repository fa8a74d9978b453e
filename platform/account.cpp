#include "platform/account.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace platform {
namespace {

account from(const passwd& entry)
{
    return {.name = entry.pw_name, .user = entry.pw_uid, .group = entry.pw_gid};
}

std::vector<gid_t> groups_of(const account& who)
{
    int count = 64;
    std::vector<gid_t> out(static_cast<std::size_t>(count));
    if (::getgrouplist(who.name.c_str(), who.group, out.data(), &count) < 0)
        count = 0;  // of too many groups none: the user's own is left
    out.resize(static_cast<std::size_t>(count));
    return out;
}

}  // namespace

std::optional<account> owner_of(const std::string& directory, const std::string& otherwise)
{
    struct stat about {};
    bool is_owned = ::stat(directory.c_str(), &about) == 0 && about.st_uid != 0;
    const passwd* entry = is_owned ? ::getpwuid(about.st_uid) : ::getpwnam(otherwise.c_str());
    if (entry != nullptr)
        return from(*entry);
    if (is_owned)
        return account{
            .name = std::to_string(about.st_uid), .user = about.st_uid, .group = about.st_gid};
    return std::nullopt;
}

bool can_read(const account& who, const std::string& file)
{
    if (::geteuid() != 0)
        return true;
    auto groups = groups_of(who);
    pid_t child = ::fork();
    if (child == 0) {
        bool is_them = ::setgroups(groups.size(), groups.data()) == 0 && ::setgid(who.group) == 0
                       && ::setuid(who.user) == 0;
        bool is_open = is_them && ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK) >= 0;
        ::_exit(is_open || !is_them ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        return true;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace platform
