#pragma once

#include <cstdio>
#include <optional>
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
    bool shows(log_level level) const { return level <= least_; }
    void write(log_level level, std::string_view text) const;

    void error(std::string_view text) const { write(log_level::error, text); }
    void warning(std::string_view text) const { write(log_level::warning, text); }
    void info(std::string_view text) const { write(log_level::info, text); }
    void debug(std::string_view text) const { write(log_level::debug, text); }

private:
    log_level least_;
    std::FILE* out_;
    bool is_journal_;
};

}  // namespace platform
