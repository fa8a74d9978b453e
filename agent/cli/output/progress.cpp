#include "agent/cli/output/progress.hpp"

#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace agent::cli {

std::string bar(int percent, const std::string& step, int columns)
{
    // On a narrow terminal the words matter more than the bar.
    int width = std::clamp(columns - 40, 5, 30);
    percent = std::clamp(percent, 0, 100);
    auto filled = static_cast<std::size_t>(percent * width / 100);
    char number[16];
    std::snprintf(number, sizeof number, "%3d %% ", percent);
    std::string out = "[" + std::string(filled, '=')
                      + std::string(static_cast<std::size_t>(width) - filled, ' ') + "] " + number
                      + step;
    auto room = static_cast<std::size_t>(std::max(columns - 1, 10));
    return std::string(platform::cut(out, room));
}

progress::progress()
{
    auto terminal = platform::terminal_size_of(STDERR_FILENO);
    is_terminal_ = terminal.has_value();
    columns_ = terminal ? terminal->columns : columns_;
}

void progress::show(int percent, const std::string& step)
{
    bool is_news = step != last_step_ || (is_terminal_ && percent != last_percent_);
    if (!is_news)
        return;
    last_step_ = step;
    last_percent_ = percent;
    if (!is_terminal_) {
        std::fprintf(stderr, "%s\n", platform::printable(step).c_str());
        return;
    }
    std::fprintf(stderr, "\r\033[K%s", bar(percent, platform::printable(step), columns_).c_str());
    std::fflush(stderr);
    is_shown_ = true;
}

void progress::end()
{
    if (is_shown_)
        std::fputs("\r\033[K", stderr);
    is_shown_ = false;
    last_step_.clear();
}

}  // namespace agent::cli
