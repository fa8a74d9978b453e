#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tests {

struct finished {
    int status = -1;  // exit status, or 128 + signal
    std::string out{};
    std::string err{};  // on a terminal, everything is in `out`
};

struct program_options {
    std::string input{};
    std::vector<std::string> environment{};  // added to a small fixed one
    std::string directory{};                 // working directory
    int columns = 0;                         // on a pseudo-terminal of this width
    int rows = 40;
    std::string output_to{};     // standard output goes to this file or device
    int interrupt_after_ms = 0;  // SIGINT after this, counted from interrupt_at where that is set
    std::string interrupt_at{};  // a signal once it has said this
    int interrupt_with = 2;      // that signal: SIGINT
    std::vector<std::pair<std::string, std::string>> answers{};  // on a terminal: typed to prompts
};

/// Runs a program to its end, within a minute; the first word is looked up in PATH.
finished run_program(const std::vector<std::string>& words, const program_options& options = {});

/// What was said on a terminal, with the lines that were broken at its width joined again.
std::string unwrapped(const std::string& said);

/// A small fixed environment with `more` in it, and words as exec() takes them.
std::vector<std::string> environment_with(const std::vector<std::string>& more);
std::vector<char*> pointers(std::vector<std::string>& words);

/// A program that goes on in the background; SIGTERM at the end of its scope.
class background_program {
public:
    explicit background_program(const std::vector<std::string>& words);
    ~background_program();
    background_program(const background_program&) = delete;
    background_program& operator=(const background_program&) = delete;

    /// The first line of its output; waits for it.
    const std::string& first_line() const { return first_line_; }
    int pid() const { return pid_; }

private:
    int pid_ = -1;
    int output_ = -1;
    std::string first_line_;
};

}  // namespace tests
