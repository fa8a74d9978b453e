#pragma once

#include <string>

namespace agent::cli {

/// Shows on standard error how far something is: a bar with the step's name on a terminal, a
/// line for each step elsewhere.
class progress {
public:
    progress();
    ~progress() { end(); }
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    /// `percent` of the whole, and what is being done now.
    void show(int percent, const std::string& step);
    /// Leaves the bar's line, so that something else can be printed.
    void end();

private:
    bool is_terminal_;
    int columns_ = 80;
    bool is_shown_ = false;
    std::string last_step_;
    int last_percent_ = -1;
};

/// "[=========           ]  45 % loading the profile", not longer than the terminal is wide.
std::string bar(int percent, const std::string& step, int columns);

}  // namespace agent::cli
