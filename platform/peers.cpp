#include "platform/peers.hpp"

#include <algorithm>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace platform {
namespace {

bool is_member(uid_t user, gid_t first, const std::string& group)
{
    const struct group* wanted = ::getgrnam(group.c_str());
    if (wanted == nullptr)
        return false;
    gid_t id = wanted->gr_gid;
    if (first == id)
        return true;
    const struct passwd* who = ::getpwuid(user);
    if (who == nullptr)
        return false;
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(who->pw_name, first, groups.data(), &count) < 0)
        return false;
    groups.resize(static_cast<std::size_t>(count));
    return std::ranges::find(groups, id) != groups.end();
}

}  // namespace

peer_check peers_allowed(const std::string& group)
{
    return [group](uid_t user, gid_t first, pid_t) {
        bool is_owner = user == 0 || user == ::geteuid();
        return is_owner || (!group.empty() && is_member(user, first, group));
    };
}

}  // namespace platform
