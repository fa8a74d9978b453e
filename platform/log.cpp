#include "platform/log.hpp"

#include "platform/text.hpp"

#include <array>
#include <string>

namespace platform {
namespace {

constexpr std::array<std::string_view, 4> names{"error", "warning", "info", "debug"};

}  // namespace

std::optional<log_level> log_level_from(std::string_view name)
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<log_level>(i);
    return std::nullopt;
}

void logger::write(log_level level, std::string_view text) const
{
    if (!shows(level))
        return;
    std::string line = "esim-agent: ";
    line += names[static_cast<std::size_t>(level)];
    line += ": ";
    line += printable(text);  // one event is one line
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), out_);
}

}  // namespace platform
