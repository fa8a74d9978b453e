#include "agent/cli/output/output.hpp"

#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>

namespace agent::cli {
namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

int first_error = 0;  // of writing standard output: later ones only follow from it

}  // namespace

void print(std::string_view text)
{
    print_raw(platform::printable_lines(text));
}

void print_raw(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() && first_error == 0)
        first_error = errno;
}

bool flush_output()
{
    if (std::fflush(stdout) != 0 && first_error == 0)
        first_error = errno;
    return first_error == 0;
}

std::optional<platform::failure> output_failure()
{
    if (flush_output())
        return std::nullopt;
    platform::error_code why(first_error, boost::system::system_category());
    return platform::failure(why, "writing standard output");
}

std::string cell(std::string_view text, std::size_t width)
{
    std::string shown = platform::printable(text);
    std::size_t characters = 0;
    std::size_t last = 0;  // where the character before the limit begins
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (is_continuation(shown[i]))
            continue;
        if (characters == width) {
            shown.resize(last);
            return shown + "~";
        }
        last = i;
        ++characters;
    }
    return shown + std::string(width - characters, ' ');
}

std::vector<std::string> wrapped(std::string line, std::size_t indent, int columns)
{
    std::vector<std::string> out;
    auto width = static_cast<std::size_t>(std::max(columns - 1, 2 * static_cast<int>(indent)));
    while (line.size() > width) {
        auto blank = line.rfind(' ', width);
        bool has_blank = blank != std::string::npos && blank > indent;
        auto end = has_blank ? blank : platform::cut(line, width).size();
        out.push_back(line.substr(0, end));
        line = std::string(indent, ' ') + line.substr(has_blank ? end + 1 : end);
    }
    out.push_back(std::move(line));
    return out;
}

std::string fitted(std::string line, std::size_t indent, int descriptor)
{
    auto terminal = platform::terminal_size_of(descriptor);
    if (!terminal)
        return line + "\n";
    std::string out;
    for (const std::string& each : wrapped(std::move(line), indent, terminal->columns))
        out += each + "\n";
    return out;
}

std::string local_time(platform::timestamp time)
{
    std::time_t seconds = platform::to_time_t(time);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[64];
    std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M %Z", &local);
    return {text, size};
}

std::string decimal(double value)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.3f", value);
    std::string out = text;
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.'))
        out.pop_back();
    return out;
}

}  // namespace agent::cli
