#include "platform/watch_directory.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <filesystem>
#include <sys/inotify.h>

namespace asio = boost::asio;

namespace platform {
namespace {

/// Watches the directory, or the nearest one above that is there; gives the watch.
int watch(int descriptor, std::filesystem::path directory)
{
    std::error_code ec;
    bool is_there = std::filesystem::is_directory(directory, ec);
    while (!std::filesystem::is_directory(directory, ec) && directory.has_relative_path())
        directory = directory.parent_path();
    std::uint32_t what = IN_CREATE | IN_MOVED_TO;
    if (is_there)
        what = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF;
    return ::inotify_add_watch(descriptor, directory.c_str(), what);
}

}  // namespace

asio::awaitable<void> watch_directory(std::string directory, std::function<void()> changed)
{
    int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (descriptor < 0)
        co_return;  // looked at whenever the agent wakes up all the same
    asio::posix::stream_descriptor events(co_await asio::this_coro::executor, descriptor);
    std::array<char, 4096> block{};
    boost::system::error_code ec;
    std::error_code unknown;
    bool was_there = std::filesystem::is_directory(directory, unknown);
    while (!ec) {
        int watched = watch(descriptor, directory);
        co_await events.async_read_some(
            asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
        std::error_code ignored;
        bool is_there = std::filesystem::is_directory(directory, ignored);
        if (!ec && is_there)
            changed();
        // A watch that stays is told nothing twice; that of a directory above has done its work.
        if (is_there && !was_there)
            ::inotify_rm_watch(descriptor, watched);
        was_there = is_there;
    }
}

}  // namespace platform
