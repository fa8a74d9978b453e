#pragma once

#include "platform/result.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace platform {

/// How a process ended, by its status of waitpid(2): "exit status 3", "signal 11".
std::string ending_of(int status);

/// A program that works for this one, in a process group of its own: lines to its standard input,
/// lines from its standard output and error. It gets PATH, HOME and the language, and nothing else
/// of the environment. What is left of the group ends with this object.
/// SIGPIPE is ignored from the first one on.
class child_process {
public:
    /// `kept_open`: a descriptor that stays open in the program and whatever it starts (as 3), such
    /// as a lock; -1 for none. Fails with errc::configuration if it cannot be run, or every user
    /// may change it.
    static result<std::unique_ptr<child_process>> start(boost::asio::any_io_executor executor,
        const std::string& program, std::vector<std::string> arguments, int kept_open = -1);

    ~child_process();
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    /// Writes `text` to its standard input; that nobody reads it is no failure. The text outlives
    /// the call.
    task<void> write(std::string_view text);
    /// Nothing more comes: it reads the end.
    void close_input();
    /// Its next line, without the end, or what it left of one. Fails with
    /// boost::asio::error::eof after the last, and with errc::too_long beyond 64 KiB.
    task<std::string> read_line();
    /// Closes its input, and asks the group to end (SIGTERM) unless it has within `patience`; kills
    /// it after `grace`. Gives the status of waitpid(2). Not to be cancelled.
    task<int> end(std::chrono::milliseconds patience,
        std::chrono::milliseconds grace = std::chrono::seconds(3));

private:
    explicit child_process(boost::asio::any_io_executor executor);

    /// Whether it has ended; it is still there for signals to its group.
    bool has_ended() const;
    boost::asio::awaitable<bool> has_ended_within(std::chrono::milliseconds limit);
    boost::asio::awaitable<void> await_end();

    boost::asio::signal_set ended_children_;
    boost::asio::posix::stream_descriptor input_;
    boost::asio::posix::stream_descriptor output_;
    std::string read_;  // and not given yet
    pid_t process_ = 0;
};

/// How a conversation with a program ended.
struct conversation {
    result<void> said{};
    result<int> status = 0;  // of waitpid(2)
};

/// Runs `talk`, which talks with that program, and ends both: `talk` fails with `late` after
/// `limit`; the program has `patience` from then on, but no longer than that limit, and none if
/// this is cancelled, which throws once it is gone.
boost::asio::awaitable<conversation> converse(child_process& program, task<void> talk,
    std::chrono::milliseconds limit, failure late, std::chrono::milliseconds patience);

}  // namespace platform
