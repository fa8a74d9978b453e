#include "platform/device_lock.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/storage.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace platform {
namespace {

/// "LCK..ttyUSB2" for /dev/ttyUSB2; what a link points to is locked, not the link.
std::string name_for(const std::string& device)
{
    std::error_code ec;
    std::string real = std::filesystem::canonical(device, ec);
    std::string name = ec ? device : real;
    if (name.starts_with("/dev/"))
        name.erase(0, 5);
    for (char& c : name)
        if (c == '/' || c == ' ')
            c = '_';
    return "LCK.." + name;
}

constexpr const char* signature = "esim-agent";

struct lock_content {
    pid_t holder = 0;      // 0 if it names none
    bool is_ours = false;  // written by an esim-agent, which also holds a flock() while it lives
    std::string note{};
};

lock_content read_lock(int descriptor)
{
    char text[128] = "";
    auto size = ::pread(descriptor, text, sizeof text - 1, 0);
    if (size <= 0)
        return {};
    struct stat about {};
    bool is_trusted =
        ::fstat(descriptor, &about) == 0 && (about.st_uid == 0 || about.st_uid == ::geteuid());
    lock_content out;
    out.holder = static_cast<pid_t>(std::strtol(text, nullptr, 10));
    std::string_view all = text;
    auto ours = all.find(signature);
    out.is_ours = ours != all.npos;
    auto note = all.find('\n', ours);
    if (out.is_ours && is_trusted && note != all.npos)
        out.note = all.substr(note + 1, all.find('\n', note + 1) - note - 1);
    return out;
}

/// The process that a lock file names, where it can only be read.
pid_t holder_of(const std::string& path)
{
    auto text = read_regular_file(path);
    return text ? static_cast<pid_t>(std::strtol(text->c_str(), nullptr, 10)) : 0;
}

std::string describe(pid_t holder)
{
    if (holder <= 0)
        return "another program";
    auto name = read_file("/proc/" + std::to_string(holder) + "/comm");
    std::string words = name ? *name : "a program";
    while (!words.empty() && words.back() == '\n')
        words.pop_back();
    return words + " (process " + std::to_string(holder) + ")";
}

bool is_alive(pid_t process)
{
    return process > 0 && (::kill(process, 0) == 0 || errno == EPERM);
}

/// True if `path` still is the file behind `descriptor`: it may have been removed by the process
/// that had it before.
bool is_same_file(int descriptor, const std::string& path)
{
    struct stat ours {};
    struct stat there {};
    return ::fstat(descriptor, &ours) == 0 && ::stat(path.c_str(), &there) == 0
           && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

}  // namespace

std::string lock_directory()
{
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    for (const char* each : {"/run/lock", "/var/lock", runtime})
        if (each != nullptr && *each != '\0' && ::access(each, W_OK) == 0)
            return each;
    return "";
}

device_lock::device_lock(device_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
    , path_(std::move(other.path_))
    , left_behind_(std::move(other.left_behind_))
{
}

device_lock& device_lock::operator=(device_lock&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    std::swap(left_behind_, other.left_behind_);
    return *this;
}

result<device_lock> device_lock::take(const std::string& device, const std::string& directory)
{
    device_lock taken;
    if (directory.empty())
        return taken;
    taken.path_ = directory + "/" + name_for(device);
    // Twice at most in life: once more if the holder before removed the file between the two calls.
    for (int attempt = 0; attempt < 10; ++attempt) {
        // Without O_CREAT first: in a directory for all, that is denied for another user's file.
        int descriptor = ::open(taken.path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0 && errno == ENOENT)
            descriptor =
                ::open(taken.path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (descriptor < 0)
            return failure(channel_errc::busy, device + " is locked by another user's file, which "
                                                   + describe(holder_of(taken.path_))
                                                   + " left or holds; if nobody uses it, remove "
                                                   + taken.path_);
        taken.descriptor_ = descriptor;
        bool is_free = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
        auto [holder, is_ours, note] = read_lock(descriptor);
        bool is_held = !is_free || (!is_ours && holder != ::getpid() && is_alive(holder));
        taken.left_behind_ = std::move(note);
        if (is_held) {
            ::close(std::exchange(taken.descriptor_, -1));
            std::string words = device + " is held by ";
            words += is_alive(holder) ? describe(holder)
                                      : "what process " + std::to_string(holder)
                                            + ", which has ended, had started";
            return failure(channel_errc::busy, words);
        }
        if (is_same_file(descriptor, taken.path_))
            break;
        ::close(std::exchange(taken.descriptor_, -1));
    }
    if (!taken.write_down(taken.left_behind_))
        return last_system_failure("locking " + device + " with " + taken.path_);
    return taken;
}

bool device_lock::write_down(const std::string& note) noexcept
{
    char text[96];
    int size = std::snprintf(text, sizeof text, "%10d\n%s\n%.60s\n", static_cast<int>(::getpid()),
        signature, note.c_str());
    return descriptor_ >= 0 && ::ftruncate(descriptor_, 0) == 0
           && ::pwrite(descriptor_, text, static_cast<std::size_t>(size), 0) == size;
}

void device_lock::note(const std::string& what) noexcept
{
    write_down(what);  // a disk that is full costs a channel until the next reset
}

void device_lock::release() noexcept
{
    if (descriptor_ < 0)
        return;
    ::unlink(path_.c_str());
    ::close(std::exchange(descriptor_, -1));
}

}  // namespace platform
