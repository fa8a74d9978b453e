#include "agent/cli/batch/csv.hpp"
#include "platform/error.hpp"

#include <algorithm>

namespace agent::cli {
namespace {

failure at_line(int line, const std::string& why)
{
    return {platform::errc::usage, "line " + std::to_string(line) + ": " + why};
}

/// Takes one value from the front; false if its quote is not closed.
bool take_value(std::string_view& text, std::string& value, int& line)
{
    if (!text.starts_with('"')) {
        auto end = std::min(text.find_first_of(",\r\n"), text.size());
        value = text.substr(0, end);
        text.remove_prefix(end);
        return true;
    }
    text.remove_prefix(1);
    while (!text.empty()) {
        char one = text.front();
        text.remove_prefix(1);
        line += one == '\n' ? 1 : 0;
        if (one != '"') {
            value += one;
            continue;
        }
        if (!text.starts_with('"'))
            return true;
        value += '"';
        text.remove_prefix(1);
    }
    return false;
}

void take_line_end(std::string_view& text)
{
    if (text.starts_with('\r'))
        text.remove_prefix(1);
    if (text.starts_with('\n'))
        text.remove_prefix(1);
}

}  // namespace

std::string csv_table::at(std::size_t row, std::string_view name) const
{
    auto column = std::ranges::find(names, name);
    return column == names.end()
               ? ""
               : rows.at(row).at(static_cast<std::size_t>(column - names.begin()));
}

result<csv_table> parse_csv(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    csv_table out;
    for (int line = 1; !text.empty(); ++line) {
        std::vector<std::string> row;
        int begin = line;
        bool goes_on = true;
        while (goes_on) {
            std::string value;
            if (!take_value(text, value, line))
                return at_line(begin, "a quote is not closed");
            row.push_back(std::move(value));
            goes_on = text.starts_with(',');
            if (goes_on)
                text.remove_prefix(1);
        }
        bool is_whole = text.empty() || text.front() == '\r' || text.front() == '\n';
        if (!is_whole)
            return at_line(begin, "something follows a closing quote");
        take_line_end(text);
        bool is_empty = row.size() == 1 && row.front().empty();
        if (is_empty)
            continue;
        if (out.names.empty())
            out.names = std::move(row);
        else if (row.size() != out.names.size())
            return at_line(begin, "there are " + std::to_string(row.size()) + " values, and "
                                      + std::to_string(out.names.size()) + " columns");
        else
            out.rows.push_back(std::move(row));
    }
    return out;
}

std::string to_csv(const std::vector<std::string>& values)
{
    std::string out;
    for (const std::string& each : values) {
        out += &each == &values.front() ? "" : ",";
        bool needs_quotes = each.find_first_of(",\"\r\n") != each.npos;
        if (!needs_quotes) {
            out += each;
            continue;
        }
        out += '"';
        for (char one : each)
            out += one == '"' ? std::string("\"\"") : std::string(1, one);
        out += '"';
    }
    return out + "\r\n";
}

}  // namespace agent::cli
