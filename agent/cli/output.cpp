#include "agent/cli/output.hpp"

#include "platform/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace agent::cli {
namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// A JSON number without an exponent, as far as that is shorter.
std::string plain_number(std::string_view number)
{
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    bool has_exponent = number.find_first_of("eE") != number.npos;
    if (!has_exponent)
        return std::string(number);
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

int first_error = 0;  // of writing standard output: later ones only follow from it

}  // namespace

void print(std::string_view text)
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

std::string json_text(const boost::json::value& document)
{
    std::string text = boost::json::serialize(document);
    std::string out;
    bool is_string = false;
    for (std::size_t i = 0; i < text.size();) {
        bool is_number = !is_string && (text[i] == '-' || (text[i] >= '0' && text[i] <= '9'));
        if (is_number) {
            std::size_t end = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
            out += plain_number(std::string_view(text).substr(i, end - i));
            i = end;
            continue;
        }
        bool is_escape = is_string && text[i] == '\\';
        if (text[i] == '"')
            is_string = !is_string;
        out.append(text, i, is_escape ? 2 : 1);
        i += is_escape ? 2 : 1;
    }
    return out;
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
