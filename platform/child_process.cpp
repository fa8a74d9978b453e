#include "platform/child_process.hpp"

#include "platform/error.hpp"
#include "platform/run_to_end.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace platform {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

/// The two ends of a pipe, until they are given to somebody.
class pipe_ends {
public:
    pipe_ends() : is_open_(::pipe2(ends_, O_CLOEXEC) == 0) {}
    ~pipe_ends()
    {
        for (int each : ends_)
            if (each >= 0)
                ::close(each);
    }
    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    bool is_open() const { return is_open_; }
    int reading() const { return ends_[0]; }
    int writing() const { return ends_[1]; }
    int take_reading() { return std::exchange(ends_[0], -1); }
    int take_writing() { return std::exchange(ends_[1], -1); }

private:
    int ends_[2] = {-1, -1};
    bool is_open_;
};

/// What a program needs to work at all; credentials may be in the rest (*_FILE, proxies).
std::vector<std::string> environment_for_child()
{
    std::vector<std::string> out;
    for (const char* name : {"PATH", "HOME", "LANG", "LC_ALL", "TZ"})
        if (const char* value = std::getenv(name); value != nullptr)
            out.push_back(std::string(name) + "=" + value);
    return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts)
{
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& each : texts)
        out.push_back(each.data());
    out.push_back(nullptr);
    return out;
}

/// Starts it as the leader of a group, with usual signals; gives errno, 0 if it runs.
int spawn(const std::string& program, std::vector<std::string> arguments, const pipe_ends& to,
    const pipe_ends& from, int kept_open, pid_t& process)
{
    arguments.insert(arguments.begin(), program);
    std::vector<std::string> environment = environment_for_child();
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    if (::posix_spawn_file_actions_init(&files) != 0)
        return ENOMEM;
    if (::posix_spawnattr_init(&how) != 0) {
        ::posix_spawn_file_actions_destroy(&files);
        return ENOMEM;
    }
    ::posix_spawn_file_actions_adddup2(&files, to.reading(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, from.writing(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, from.writing(), STDERR_FILENO);
    constexpr int place_of_kept = STDERR_FILENO + 1;
    if (kept_open >= 0)
        ::posix_spawn_file_actions_adddup2(&files, kept_open, place_of_kept);
    sigset_t none;
    sigset_t usual;  // this program ignores some of them, and a child would inherit that
    ::sigemptyset(&none);
    ::sigemptyset(&usual);
    for (int each : {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2})
        ::sigaddset(&usual, each);
    ::posix_spawnattr_setsigmask(&how, &none);
    ::posix_spawnattr_setsigdefault(&how, &usual);
    ::posix_spawnattr_setpgroup(&how, 0);
    ::posix_spawnattr_setflags(
        &how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    int wrong = ::posix_spawn(&process, program.c_str(), &files, &how,
        pointers_to(arguments).data(), pointers_to(environment).data());
    ::posix_spawnattr_destroy(&how);
    ::posix_spawn_file_actions_destroy(&files);
    return wrong;
}

}  // namespace

std::string ending_of(int status)
{
    if (WIFSIGNALED(status))
        return "signal " + std::to_string(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

child_process::child_process(asio::any_io_executor executor)
    : ended_children_(executor, SIGCHLD), input_(executor), output_(executor)
{
}

result<std::unique_ptr<child_process>> child_process::start(asio::any_io_executor executor,
    const std::string& program, std::vector<std::string> arguments, int kept_open)
{
    struct stat about {};
    bool is_open_to_all = ::stat(program.c_str(), &about) == 0 && (about.st_mode & S_IWOTH) != 0;
    if (is_open_to_all)
        return failure(errc::configuration,
            program + " can be changed by every user of this device; run: chmod o-w " + program);
    ::signal(SIGPIPE, SIG_IGN);  // it may end without having read
    std::unique_ptr<child_process> out{new child_process(std::move(executor))};
    pipe_ends to;
    pipe_ends from;
    if (!to.is_open() || !from.is_open())
        return last_system_failure("making a pipe");
    // Not every posix_spawn() can tell: under qemu-user it does as if the program ran.
    int wrong = ::access(program.c_str(), X_OK) == 0 ? 0 : errno;
    if (wrong == 0)
        wrong = spawn(program, std::move(arguments), to, from, kept_open, out->process_);
    if (wrong != 0) {
        out->process_ = 0;
        return failure(errc::configuration, program + " cannot be run: " + std::strerror(wrong));
    }
    for (int ours : {to.writing(), from.reading()})  // the other ends stay as programs know them
        ::fcntl(ours, F_SETFL, O_NONBLOCK);
    out->input_.assign(to.take_writing());
    out->output_.assign(from.take_reading());
    return out;
}

child_process::~child_process()
{
    if (process_ == 0)
        return;
    ::kill(-process_, SIGKILL);
    ::waitpid(process_, nullptr, WNOHANG);
}

task<void> child_process::write(std::string_view text)
{
    while (!text.empty()) {
        auto size = ::write(input_.native_handle(), text.data(), text.size());
        if (size > 0) {
            text.remove_prefix(static_cast<std::size_t>(size));
            continue;
        }
        if (errno == EPIPE)
            break;
        if (errno != EAGAIN)
            co_return last_system_failure("writing to the program");
        co_await input_.async_wait(asio::posix::descriptor_base::wait_write, asio::use_awaitable);
    }
    co_return result<void>();
}

void child_process::close_input()
{
    error_code ignored;
    input_.close(ignored);
}

task<std::string> child_process::read_line()
{
    std::size_t end = read_.find('\n');
    bool is_at_end = false;
    while (end == read_.npos && !is_at_end) {
        failure too_long(errc::too_long, "a line of more than 64 KiB");
        if (read_.size() > longest_line)
            co_return too_long;
        std::array<char, 4096> some;
        auto size = ::read(output_.native_handle(), some.data(), some.size());
        if (size < 0 && errno != EAGAIN)
            co_return last_system_failure("reading from the program");
        if (size < 0)
            co_await output_.async_wait(
                asio::posix::descriptor_base::wait_read, asio::use_awaitable);
        is_at_end = size == 0;
        if (size > 0)
            read_.append(some.data(), static_cast<std::size_t>(size));
        end = read_.find('\n');
    }
    failure nothing_left(asio::error::eof);
    if (read_.empty())
        co_return nothing_left;
    std::string line = read_.substr(0, end);
    read_.erase(0, std::min(line.size() + 1, read_.size()));
    if (line.ends_with('\r'))
        line.pop_back();
    co_return std::move(line);
}

bool child_process::has_ended() const
{
    siginfo_t about{};
    // It stays a zombie, so that its number stays the group's.
    bool is_known =
        ::waitid(P_PID, static_cast<id_t>(process_), &about, WEXITED | WNOHANG | WNOWAIT) == 0;
    return !is_known || about.si_pid == process_;
}

asio::awaitable<void> child_process::await_end()
{
    while (!has_ended())
        co_await ended_children_.async_wait(asio::use_awaitable);
}

asio::awaitable<bool> child_process::has_ended_within(std::chrono::milliseconds limit)
{
    co_return co_await end_in_time(await_end(), limit);
}

task<int> child_process::end(std::chrono::milliseconds patience, std::chrono::milliseconds grace)
{
    constexpr std::chrono::seconds after_kill{1};
    close_input();
    bool is_over = co_await has_ended_within(patience);
    if (!is_over)
        ::kill(-process_, SIGTERM);
    is_over = is_over || co_await has_ended_within(grace);
    ::kill(-process_, SIGKILL);  // also what it left running
    if (!is_over)
        co_await has_ended_within(after_kill);
    int status = 0;
    bool is_reaped = ::waitpid(process_, &status, WNOHANG) == process_;
    process_ = 0;
    failure stuck(errc::in_use, "the program does not end, not even when it is killed");
    if (!is_reaped)
        co_return stuck;
    co_return status;
}

asio::awaitable<conversation> converse(child_process& program, task<void> talk,
    std::chrono::milliseconds limit, failure late, std::chrono::milliseconds patience)
{
    using std::chrono::milliseconds, std::chrono::steady_clock;
    auto end_at = steady_clock::now() + limit;
    auto talking = with_timeout(std::move(talk), limit, std::move(late));
    auto ended = co_await run_to_end(std::move(talking));
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    auto left = std::chrono::duration_cast<milliseconds>(end_at - steady_clock::now());
    left = ended->interruption ? milliseconds(0) : std::clamp(left, milliseconds(0), patience);
    conversation out;
    out.status = co_await program.end(left);
    if (ended->interruption)
        std::rethrow_exception(ended->interruption);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    out.said = std::move(*ended->value);
    co_return out;
}

}  // namespace platform
