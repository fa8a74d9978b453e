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
    std::optional<channel_errc> trouble{};
};

// 3GPP TS 27.007, 9.2.1: those that a SIM or a logical channel can cause.
constexpr cme_words cme_table[] = {
    {0, "phone failure"},
    {3, "operation not allowed"},
    {4, "operation not supported"},
    {5, "PH-SIM PIN required", channel_errc::sim_pin},
    {10, "SIM not inserted", channel_errc::no_sim},
    {11, "SIM PIN required", channel_errc::sim_pin},
    {12, "SIM PUK required", channel_errc::sim_puk},
    {13, "SIM failure"},
    {14, "SIM busy", channel_errc::sim_busy},
    {15, "SIM wrong"},
    {20, "memory full"},
    {22, "not found"},
    {50, "incorrect parameters"},
    {100, "unknown"},
};

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

namespace {

/// The entry of a final line "+CME ERROR: 14", or "+CME ERROR: SIM busy"; null if it has none.
const cme_words* find_cme(std::string_view line)
{
    auto colon = line.find(':');
    if (!line.starts_with("+CME") || colon == line.npos)
        return nullptr;
    std::string_view what = trim(line.substr(colon + 1));
    auto code = number(what);
    auto known = std::ranges::find_if(cme_table, [&](const cme_words& each) {
        return code ? each.code == *code : same_ignoring_case(each.words, what);
    });
    return known == std::end(cme_table) ? nullptr : &*known;
}

}  // namespace

std::string reply::refusal() const
{
    const cme_words* known = find_cme(final_line);
    bool has_words = known == nullptr || final_line.find(known->words) != final_line.npos;
    return has_words ? printable(final_line) : std::string(known->words) + " (" + final_line + ")";
}

std::optional<channel_errc> reply::sim_trouble() const
{
    const cme_words* known = find_cme(final_line);
    return known == nullptr ? std::nullopt : known->trouble;
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
        bool is_echo = !line.empty() && line == echo;
        saw_echo_ = saw_echo_ || is_echo;
        if (line.empty() || is_echo)
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

namespace {

/// What stands in front of a comma, without blanks and quotation marks.
std::string_view first_value(std::string_view text)
{
    text = trim(text.substr(0, text.find(',')));
    while (text.starts_with('"'))
        text.remove_prefix(1);
    while (text.ends_with('"'))
        text.remove_suffix(1);
    return text;
}

/// Without the prefix, in any case, if it is there.
std::string_view behind(std::string_view line, std::string_view prefix)
{
    bool has_prefix = same_ignoring_case(line.substr(0, prefix.size()), prefix);
    return has_prefix ? trim(line.substr(prefix.size())) : line;
}

}  // namespace

std::string session_in(const reply& answer)
{
    constexpr std::size_t longest = 32;
    std::string bare;
    for (const wiped_string& line : answer.lines) {
        std::string_view rest = behind(line, "+CCHO:");
        std::string_view value = first_value(rest);
        bool is_session = is_hex(value) && value.size() <= longest;
        bool has_prefix = rest.size() != line.size();
        if (is_session && has_prefix)
            return std::string(value);
        if (is_session && bare.empty())
            bare = value;
    }
    return bare;
}

std::string imei_in(const reply& answer)
{
    constexpr std::size_t digits = 15;
    for (const wiped_string& line : answer.lines) {
        std::string_view value = first_value(behind(line, "+CGSN:"));
        bool is_number = value.find_first_not_of("0123456789") == value.npos;
        if (is_number && value.size() == digits)
            return std::string(value);
    }
    return {};
}

std::optional<bytes> apdu_in(const reply& answer, std::string_view prefix)
{
    // "<length>,<data>", with the prefix or, if no line has it, without.
    auto first = std::ranges::find_if(answer.lines,
        [&](const wiped_string& line) { return behind(line, prefix).size() != line.size(); });
    if (first == answer.lines.end())
        first = std::ranges::find_if(answer.lines, [](const wiped_string& line) {
            auto comma = std::string_view(line).find(',');
            return comma != line.npos && number(trim(std::string_view(line).substr(0, comma)));
        });
    if (first == answer.lines.end())
        return std::nullopt;
    std::string_view rest = behind(*first, prefix);
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
    bool is_whole = apdu && digits.size() >= wanted && apdu->size() >= 2;
    return is_whole ? std::move(apdu) : std::nullopt;
}

}  // namespace platform::at
