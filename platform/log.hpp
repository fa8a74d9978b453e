#pragma once

#include <cstdio>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace platform {

/// What a line asks of its reader: act now, look when there is time, follow along, debug.
enum class log_level { error, warning, info, debug };

/// The level that `name` spells, as on the command line; nothing for another word.
std::optional<log_level> log_level_from(std::string_view name);

/// Writes lines to standard error, one a call; each with its priority where that is the systemd
/// journal (sd-daemon(3)). Secrets never come here: their types
/// have no text but "[redacted]".
class logger {
public:
    explicit logger(log_level least = log_level::warning, std::FILE* out = stderr);

    void show_from(log_level least) { least_ = least; }
    /// From now on the last lines are kept for recent(): those of log_level::info also where they
    /// are not shown.
    void keep_recent() { keeps_recent_ = true; }
    /// The last 200 lines at most, each with its time, UTC: "2026-11-26T12:00:00.000000Z info: x".
    const std::deque<std::string>& recent() const { return recent_; }
    bool shows(log_level level) const { return level <= least_; }
    void write(log_level level, std::string_view text) const;

    void error(std::string_view text) const { write(log_level::error, text); }
    void warning(std::string_view text) const { write(log_level::warning, text); }
    void info(std::string_view text) const { write(log_level::info, text); }
    void debug(std::string_view text) const { write(log_level::debug, text); }

private:
    void remember(log_level level, std::string_view text) const;

    log_level least_;
    std::FILE* out_;
    bool is_journal_;
    bool keeps_recent_ = false;
    mutable std::deque<std::string> recent_{};
};

}  // namespace platform
