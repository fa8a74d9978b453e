#include "platform/at/at_reply.hpp"

#include "platform/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace platform::at {
namespace {

struct cme_words {
    int code;
    const char* words;
};

// 3GPP TS 27.007, 9.2.1: those that a SIM or a logical channel can cause.
constexpr cme_words cme_table[] = {{0, "phone failure"}, {3, "operation not allowed"},
    {4, "operation not supported"}, {5, "PH-SIM PIN required"}, {10, "SIM not inserted"},
    {11, "SIM PIN required"}, {12, "SIM PUK required"}, {13, "SIM failure"}, {14, "SIM busy"},
    {15, "SIM wrong"}, {20, "memory full"}, {22, "not found"}, {50, "incorrect parameters"},
    {100, "unknown"}};

std::string_view trim(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::optional<int> number(std::string_view text)
{
    int value = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool is_whole = ec == std::errc() && end == text.data() + text.size();
    return is_whole ? std::optional(value) : std::nullopt;
}

bool is_final(std::string_view line)
{
    return line == "OK" || line == "ERROR" || line.starts_with("+CME ERROR")
           || line.starts_with("+CMS ERROR") || line == "COMMAND NOT SUPPORT";
}

bool is_hex(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789ABCDEFabcdef") == text.npos;
}

}  // namespace

std::optional<std::string_view> reply::after(std::string_view prefix) const
{
    for (const wiped_string& line : lines)
        if (line.starts_with(prefix))
            return trim(std::string_view(line).substr(prefix.size()));
    return std::nullopt;
}

std::string reply::refusal() const
{
    auto colon = final_line.find(':');
    if (!final_line.starts_with("+CME") || colon == std::string::npos)
        return printable(final_line);
    auto code = number(trim(std::string_view(final_line).substr(colon + 1)));
    auto known = std::ranges::find_if(
        cme_table, [&](const cme_words& each) { return code && each.code == *code; });
    if (known == std::end(cme_table))
        return printable(final_line);
    return std::string(known->words) + " (" + final_line + ")";
}

std::optional<reply> reply_reader::take(std::string_view text, std::string_view echo)
{
    rest_ += text;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
        char c = rest_[at];
        bool ends = c == '\r' || c == '\n';
        if (!ends) {
            // A final line is short, and is read whatever came before it.
            bool has_room = line_.size() < 64 || size_ + line_.size() < longest_reply;
            if (c != '\0' && has_room)
                line_ += c;
            continue;
        }
        wiped_string line(trim(line_));
        line_.clear();
        if (line.empty() || line == echo)
            continue;
        if (!is_final(line)) {
            size_ += line.size() + 1;
            if (size_ <= longest_reply + 64)
                so_far_.lines.push_back(std::move(line));
            continue;
        }
        reply whole = std::move(so_far_);
        so_far_ = reply();
        size_ = 0;
        whole.is_ok = line == "OK";
        whole.final_line = line;
        rest_.erase(0, at + 1);
        return whole;
    }
    rest_.clear();
    return std::nullopt;
}

std::optional<int> session_in(const reply& answer)
{
    if (auto prefixed = answer.after("+CCHO:"))
        return number(*prefixed);
    for (const wiped_string& line : answer.lines)
        if (auto bare = number(line))
            return bare;
    return std::nullopt;
}

std::optional<bytes> apdu_in(const reply& answer, std::string_view prefix)
{
    auto first = std::ranges::find_if(
        answer.lines, [&](const wiped_string& line) { return line.starts_with(prefix); });
    if (first == answer.lines.end())
        return std::nullopt;
    std::string_view rest = trim(std::string_view(*first).substr(prefix.size()));
    auto comma = std::min(rest.find(','), rest.size());
    auto length = number(trim(rest.substr(0, comma)));
    if (!length || *length < 0)
        return std::nullopt;
    wiped_string digits(trim(rest.substr(std::min(comma + 1, rest.size()))));
    std::erase(digits, '"');
    auto wanted = static_cast<std::size_t>(*length);
    for (auto next = first + 1; next != answer.lines.end() && digits.size() < wanted; ++next) {
        wiped_string more = *next;
        std::erase(more, '"');
        if (is_hex(more))  // anything else came unasked
            digits += more;
    }
    auto apdu = from_hex(digits);
    bool is_whole = apdu && digits.size() == wanted && apdu->size() >= 2;
    return is_whole ? std::move(apdu) : std::nullopt;
}

}  // namespace platform::at
