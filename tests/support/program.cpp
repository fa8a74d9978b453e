#include "tests/support/program.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {

std::vector<char*> pointers(std::vector<std::string>& words)
{
    std::vector<char*> out;
    for (std::string& word : words)
        out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more)
{
    std::vector<std::string> out{"LANG=C.UTF-8", "TZ=UTC"};
    for (const char* name :
        {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TMPDIR"})
        if (const char* value = std::getenv(name))
            out.push_back(std::string(name) + "=" + value);
    for (const std::string& entry : more) {
        std::string name = entry.substr(0, entry.find('=') + 1);
        std::erase_if(out, [&name](const std::string& other) { return other.starts_with(name); });
        out.push_back(entry);
    }
    return out;
}

namespace {

using std::chrono::steady_clock;

/// A child's ends of three pipes; the parent's are left in `parent`.
struct pipes {
    int in[2]{-1, -1};
    int out[2]{-1, -1};
    int err[2]{-1, -1};

    pipes()
    {
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0
            || ::pipe2(err, O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe");
    }
};

[[noreturn]] void become(std::vector<std::string> words, const program_options& options)
{
    auto environment = environment_with(options.environment);
    auto environment_pointers = pointers(environment);
    if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0)
        ::_exit(126);
    if (!options.output_to.empty()) {
        int file = ::open(options.output_to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(file, STDOUT_FILENO);
    }
    auto word_pointers = pointers(words);
    ::execvpe(word_pointers[0], word_pointers.data(), environment_pointers.data());
    ::_exit(127);
}

pid_t start_piped(
    const std::vector<std::string>& words, const program_options& options, pipes& ends)
{
    pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(ends.in[0], STDIN_FILENO);
        ::dup2(ends.out[1], STDOUT_FILENO);
        ::dup2(ends.err[1], STDERR_FILENO);
        ::setsid();  // no controlling terminal, whatever the test runs on
        become(words, options);
    }
    ::close(ends.in[0]);
    ::close(ends.out[1]);
    ::close(ends.err[1]);
    return pid;
}

bool drain(int& from, std::string& into)
{
    char block[65536];
    ssize_t size = ::read(from, block, sizeof block);
    if (size > 0) {
        into.append(block, static_cast<std::size_t>(size));
        return true;
    }
    ::close(from);
    from = -1;
    return false;
}

/// Types the answer to the prompt that comes next, once it is there.
void answer(int terminal, const std::string& said,
    const std::vector<std::pair<std::string, std::string>>& answers, std::size_t& next,
    std::size_t& seen)
{
    if (next == answers.size())
        return;
    auto found = said.find(answers[next].first, seen);
    if (found == std::string::npos)
        return;
    seen = found + answers[next].first.size();
    const std::string& text = answers[next].second;
    ++next;
    if (::write(terminal, text.data(), text.size()) < 0)
        throw std::runtime_error("cannot type");
}

void collect(pid_t pid, int& out, int& err, finished& result, const program_options& options)
{
    auto start = steady_clock::now();
    auto end = start + std::chrono::minutes(1);
    int interrupt_after_ms = options.interrupt_after_ms;
    bool is_interrupted = interrupt_after_ms == 0;
    bool waits_for_words = !options.interrupt_at.empty();
    auto since = start;
    std::size_t next_answer = 0;
    std::size_t answered = 0;
    while ((out >= 0 || err >= 0) && steady_clock::now() < end) {
        pollfd waiting[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
        int patience = is_interrupted ? 1'000 : 10;
        ::poll(waiting, 2, patience);
        if (!is_interrupted && !waits_for_words
            && steady_clock::now() - since > std::chrono::milliseconds(interrupt_after_ms)) {
            ::kill(pid, SIGINT);
            is_interrupted = true;
        }
        if (out >= 0 && waiting[0].revents != 0)
            drain(out, result.out);
        if (err >= 0 && waiting[1].revents != 0)
            drain(err, result.err);
        if (out >= 0)
            answer(out, result.out, options.answers, next_answer, answered);
        bool has_said = (result.out + result.err).find(options.interrupt_at) != std::string::npos;
        if (waits_for_words && has_said) {
            waits_for_words = false;
            since = steady_clock::now();
            if (interrupt_after_ms == 0)
                ::kill(pid, options.interrupt_with);
        }
    }
    if (steady_clock::now() >= end)
        ::kill(pid, SIGKILL);
}

int wait_for(pid_t pid)
{
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string unwrapped(const std::string& said)
{
    std::string out;
    for (char each : said) {
        if (each == '\r')
            continue;
        out += each;
        if (out.ends_with("\n  "))
            out.replace(out.size() - 3, 3, " ");
    }
    return out;
}

finished run_program(const std::vector<std::string>& words, const program_options& options)
{
    finished result;
    if (options.columns > 0) {
        int terminal = -1;
        winsize size{};
        size.ws_col = static_cast<unsigned short>(options.columns);
        size.ws_row = static_cast<unsigned short>(options.rows);
        pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
        if (pid == 0)
            become(words, options);
        if (!options.input.empty()
            && ::write(terminal, options.input.data(), options.input.size()) < 0)
            throw std::runtime_error("cannot type");
        int none = -1;
        collect(pid, terminal, none, result, options);
        result.status = wait_for(pid);
        return result;
    }
    pipes ends;
    ::signal(SIGPIPE, SIG_IGN);  // a program need not read all its input
    pid_t pid = start_piped(words, options, ends);
    if (!options.input.empty())
        (void)!::write(ends.in[1], options.input.data(), options.input.size());
    ::close(ends.in[1]);
    collect(pid, ends.out[0], ends.err[0], result, options);
    result.status = wait_for(pid);
    return result;
}

background_program::background_program(const std::vector<std::string>& words)
{
    pipes ends;
    pid_ = start_piped(words, {}, ends);
    ::close(ends.in[1]);
    ::close(ends.err[0]);
    output_ = ends.out[0];
    while (output_ >= 0 && first_line_.find('\n') == std::string::npos)
        drain(output_, first_line_);
}

background_program::~background_program()
{
    ::kill(pid_, SIGTERM);
    wait_for(pid_);
    if (output_ >= 0)
        ::close(output_);
}

}  // namespace tests
