#include "agent/cli/output.hpp"

#include <cstdio>
#include <ctime>

namespace agent::cli {
namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void flush_output()
{
    std::fflush(stdout);
}

bool finish_output()
{
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

std::string printable(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        bool is_c1 =
            c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (is_c1)
            ++i;
        out += c < 0x20 || c == 0x7f || is_c1 ? '?' : text[i];
    }
    return out;
}

std::string cell(std::string_view text, std::size_t width)
{
    std::string shown = printable(text);
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

std::string local_time(platform::timestamp time)
{
    std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
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
