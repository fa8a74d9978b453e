#include "platform/storage.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace platform {
namespace {

constexpr std::size_t max_size = 1024 * 1024;

/// An open file; closed at the end of its scope.
class file {
public:
    explicit file(int descriptor) : descriptor_(descriptor) {}
    ~file()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    file(const file&) = delete;
    file& operator=(const file&) = delete;

    int get() const { return descriptor_; }
    /// Closes now; false if the file system then says that data was lost.
    bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

private:
    int descriptor_;
};

using std::chrono::milliseconds;

constexpr milliseconds no_limit{-1};

/// Waits until there is something to read, or its end.
result<void> wait_readable(int descriptor, const std::string& path, milliseconds limit)
{
    pollfd waiting{descriptor, POLLIN, 0};
    int ready = ::poll(&waiting, 1, static_cast<int>(limit.count()));
    if (ready < 0)  // by a signal, too: who interrupts a pipe that stays silent means it
        return last_system_failure("reading " + path);
    if (ready == 0)
        return failure(errc::configuration, "nobody writes to " + path);
    return {};
}

result<wiped_string> read_all(int descriptor, const std::string& path, milliseconds limit)
{
    wiped_string text;
    text.reserve(4096);  // on the heap from the start, where it is wiped
    char block[4096];
    while (true) {
        if (auto ready = wait_readable(descriptor, path, limit); !ready)
            return ready.error();
        ssize_t size = ::read(descriptor, block, sizeof block);
        if (size < 0)
            return last_system_failure("reading " + path);
        if (size == 0)
            break;
        text.append(block, static_cast<std::size_t>(size));
        if (text.size() > max_size)
            return failure(errc::usage, path + " is larger than 1 MiB");
    }
    wipe(block, sizeof block);
    return text;
}

result<wiped_string> read_path(const std::string& path, bool is_secret, milliseconds limit)
{
    if (path == "-")
        return read_all(STDIN_FILENO, "standard input", no_limit);
    file opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (opened.get() < 0) {
        failure why = last_system_failure("opening " + path);
        // Which secret there is, and where, is a matter of configuration.
        return is_secret ? failure(errc::configuration, why.message()) : why;
    }
    struct stat about {};
    if (::fstat(opened.get(), &about) != 0)
        return last_system_failure("reading " + path);
    if (is_secret && S_ISREG(about.st_mode) && (about.st_mode & 0007) != 0)
        return failure(errc::configuration,
            path + " can be read by other users of this device; run: chmod 600 " + path);
    return read_all(opened.get(), path, limit);
}

/// A secret's text, as editors leave it: perhaps behind a byte order mark, as on Windows.
std::string_view secret_in(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    return trim(text);
}

std::string directory_of(const std::string& path)
{
    auto slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int descriptor, std::string_view content)
{
    while (!content.empty()) {
        ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool is_special(const std::string& path)
{
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode);
}

result<void> may_write(const struct stat& about, const std::string& path)
{
    bool is_others = !S_ISREG(about.st_mode) && about.st_uid != 0 && about.st_uid != ::geteuid();
    if (is_others)
        return failure(errc::usage,
            path + " is another user's pipe or device, who would get what is written there");
    return {};
}

result<void> write_special(const std::string& path, std::string_view content)
{
    // What was looked at is what is written to; a pipe that nobody reads would block.
    file opened{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    struct stat about {};
    if (opened.get() < 0 && errno == ENXIO)
        return failure(errc::usage, "nobody reads from " + path);
    if (opened.get() < 0 || ::fstat(opened.get(), &about) != 0)
        return last_system_failure("writing " + path);
    if (auto good = may_write(about, path); !good)
        return good;
    ::fcntl(opened.get(), F_SETFL, 0);
    if (!write_all(opened.get(), content) || !opened.close())
        return last_system_failure("writing " + path);
    return {};
}

}  // namespace

result<void> may_write_to(const std::string& path)
{
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? may_write(about, path) : result<void>();
}

result<std::string> read_file(const std::string& path)
{
    auto text = read_path(path, false, hand_over_limit);
    if (!text)
        return text.error();
    return std::string(*text);
}

result<wiped_string> read_regular_file(const std::string& path)
{
    file opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)};
    struct stat about {};
    bool is_link = opened.get() < 0 && errno == ELOOP;
    if (!is_link && (opened.get() < 0 || ::fstat(opened.get(), &about) != 0))
        return last_system_failure("opening " + path);
    if (is_link || !S_ISREG(about.st_mode))
        return failure(errc::usage, path + " is no regular file");
    return read_all(opened.get(), path, no_limit);
}

result<secret> read_secret_file(const std::string& path, milliseconds limit)
{
    auto text = read_path(path, true, limit);
    if (!text)
        return text.error();
    std::string_view trimmed = secret_in(*text);
    if (trimmed.empty())
        return failure(errc::configuration,
            (path == "-" ? "standard input" : path) + std::string(" is empty"));
    return secret(trimmed);
}

result<std::vector<std::string>> list_files(const std::string& directory, std::string_view ending)
{
    std::vector<std::string> found;
    auto close_directory = [](DIR* open) { ::closedir(open); };
    std::unique_ptr<DIR, decltype(close_directory)> opened{::opendir(directory.c_str())};
    if (!opened && errno == ENOENT)
        return found;
    if (!opened)
        return last_system_failure("reading the directory " + directory);
    errno = 0;
    while (const dirent* entry = ::readdir(opened.get())) {
        std::string_view name = entry->d_name;
        if (name.ends_with(ending) && !name.starts_with('.'))
            found.push_back(directory + "/" + std::string(name));
        errno = 0;
    }
    // What could not be read is not empty: there may be reports in it.
    if (errno != 0)
        return last_system_failure("reading the directory " + directory);
    std::ranges::sort(found);
    return found;
}

namespace {

result<void> sync_directory(const std::string& directory)
{
    file parent{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (parent.get() < 0 || ::fsync(parent.get()) != 0)
        return last_system_failure("syncing the directory " + directory);
    return {};
}

bool give_to_owner(int descriptor, const std::string& directory)
{
    struct stat about {};
    if (::geteuid() != 0 || ::stat(directory.c_str(), &about) != 0 || about.st_uid == 0)
        return true;
    return ::fchown(descriptor, about.st_uid, about.st_gid) == 0;
}

}  // namespace

result<void> remove_file(const std::string& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return last_system_failure("removing " + path);
    return sync_directory(directory_of(path));
}

void remove_strays(const std::string& directory)
{
    auto all = list_files(directory, "");
    if (!all)
        return;
    for (const std::string& each : *all) {
        constexpr std::size_t ending = 7;  // of mkostemp(): ".XXXXXX"
        std::string_view whole = each;
        if (whole.size() <= ending || whole[whole.size() - ending] != '.')
            continue;
        whole.remove_suffix(ending);
        bool is_ours =
            whole.ends_with(".json") || whole.ends_with(".place") || whole.ends_with(".previous");
        if (is_ours)
            ::unlink(each.c_str());
    }
}

result<void> wipe_file(const std::string& path)
{
    {
        file opened{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
        struct stat about {};
        bool is_open = opened.get() >= 0 && ::fstat(opened.get(), &about) == 0;
        std::string zeros(is_open ? static_cast<std::size_t>(about.st_size) : 0, '\0');
        if (is_open && (!write_all(opened.get(), zeros) || ::fsync(opened.get()) != 0))
            return last_system_failure("wiping " + path);
    }
    return remove_file(path);
}

result<void> write_file(const std::string& path, std::string_view content, ownership whose)
{
    if (whose == ownership::of_process && is_special(path))
        return write_special(path, content);

    std::string directory = directory_of(path);
    std::string temporary = path + ".XXXXXX";
    file opened{::mkostemp(temporary.data(), O_CLOEXEC)};  // mode 0600
    if (opened.get() < 0)
        return last_system_failure("creating a file beside " + path);

    bool is_owned =
        whose == ownership::of_process || give_to_owner(opened.get(), directory_of(path));
    bool is_written = is_owned && write_all(opened.get(), content) && ::fsync(opened.get()) == 0
                      && opened.close() && ::rename(temporary.c_str(), path.c_str()) == 0;
    if (!is_written) {
        failure why = last_system_failure("writing " + path);
        ::unlink(temporary.c_str());
        return why;
    }
    return sync_directory(directory);
}

}  // namespace platform
