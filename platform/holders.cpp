#include "platform/holders.hpp"

#include "platform/storage.hpp"

#include <filesystem>
#include <functional>
#include <unistd.h>

namespace platform {
namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& process)
{
    auto name = read_file(process / "comm");
    return name ? name->substr(0, name->find('\n')) : std::string("?");
}

void for_each_process(const std::function<void(const fs::path&)>& call)
{
    std::error_code ec;
    for (fs::directory_iterator each("/proc", ec), end; each != end && !ec; each.increment(ec)) {
        std::string number = each->path().filename();
        if (number.find_first_not_of("0123456789") == std::string::npos)
            call(each->path());
    }
}

bool has_open(const fs::path& process, const fs::path& file)
{
    std::error_code ec;
    for (fs::directory_iterator each(process / "fd", ec), end; each != end && !ec;
         each.increment(ec)) {
        std::error_code unreadable;
        if (fs::read_symlink(each->path(), unreadable) == file)
            return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> holders_of(const std::string& path)
{
    std::vector<std::string> out;
    std::error_code ec;
    fs::path file = fs::canonical(path, ec);
    if (ec)
        return out;
    std::string own = std::to_string(::getpid());
    for_each_process([&](const fs::path& process) {
        std::string number = process.filename();
        if (number != own && has_open(process, file))
            out.push_back(name_of(process) + " (" + number + ")");
    });
    return out;
}

bool is_running(const std::string& name)
{
    bool out = false;
    for_each_process([&](const fs::path& process) { out = out || name_of(process) == name; });
    return out;
}

}  // namespace platform
