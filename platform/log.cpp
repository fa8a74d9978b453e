#include "platform/log.hpp"

#include "platform/clock.hpp"
#include "platform/iso_time.hpp"
#include "platform/text.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <sys/stat.h>

namespace platform {
namespace {

constexpr std::array<std::string_view, 4> level_names{"error", "warning", "info", "debug"};

constexpr std::array<std::string_view, 4> priorities{"<3>", "<4>", "<6>", "<7>"};

/// True if `out` leads to the journal: JOURNAL_STREAM holds its device and inode.
bool is_journal(std::FILE* out)
{
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat about {};
    if (stream == nullptr || ::fstat(::fileno(out), &about) != 0)
        return false;
    return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino) == stream;
}

}  // namespace

logger::logger(log_level least, std::FILE* out)
    : least_(least), out_(out), is_journal_(is_journal(out))
{
}

std::optional<log_level> log_level_from(std::string_view name)
{
    for (std::size_t i = 0; i < level_names.size(); ++i)
        if (level_names[i] == name)
            return static_cast<log_level>(i);
    return std::nullopt;
}

void logger::remember(log_level level, std::string_view text) const
{
    constexpr std::size_t most_lines = 200;
    constexpr std::size_t longest = 400;  // octets
    if (recent_.size() >= most_lines)
        recent_.pop_front();
    std::string line = to_iso(read_clock().system) + " ";
    line += level_names[static_cast<std::size_t>(level)];
    line += ": ";
    line += printable(text.substr(0, longest));
    recent_.push_back(std::move(line));
}

void logger::write(log_level level, std::string_view text) const
{
    if (keeps_recent_ && (level <= log_level::info || shows(level)))
        remember(level, text);
    if (!shows(level))
        return;
    // The journal knows the name and shows the priority.
    auto index = static_cast<std::size_t>(level);
    std::string line(is_journal_ ? priorities[index] : "esim-agent: ");
    if (!is_journal_) {
        line += level_names[index];
        line += ": ";
    }
    line += printable(text);  // one event is one line
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), out_);
}

}  // namespace platform
