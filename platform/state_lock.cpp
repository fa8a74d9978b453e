#include "platform/state_lock.hpp"
#include "platform/error.hpp"
#include "platform/state_file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace platform {

result<state_lock> state_lock::take(const std::string& directory)
{
    std::error_code ec;
    bool is_new = std::filesystem::create_directories(directory, ec);
    if (is_new) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ec);
        own_as(directory, std::filesystem::path(directory).parent_path().string());
    }
    std::string path = directory + "/lock";
    int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    own_as(path, directory);
    if (descriptor < 0)  // a disk that cannot be written: the directory itself will do
        descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return last_system_failure("opening the state directory " + directory);
    state_lock out{descriptor};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return failure(errc::in_use, "another esim-agent works with " + directory);
    return out;
}

state_lock::~state_lock()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

state_lock::state_lock(state_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
{
}

state_lock& state_lock::operator=(state_lock&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

}  // namespace platform
