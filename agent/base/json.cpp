#include "agent/base/json.hpp"
#include "platform/text.hpp"

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/serializer.hpp>

#include <algorithm>
#include <charconv>

namespace agent {

json_document::json_document(std::string_view body)
    : pool_(std::max<std::size_t>(body.size() * 2, 1024), &wiping_), root_(parse(body))
{
}

json::value json_document::parse(std::string_view body)
{
    error_code ec;
    json::parse_options limits;
    limits.max_depth = 16;
    json::parser parser{&wiping_, limits};
    parser.reset(&pool_);
    parser.write(body.data(), body.size(), ec);
    failed_ = ec.failed();
    return failed_ ? json::value() : parser.release();
}

const json::value* member(const json::value& parent, std::string_view name)
{
    const json::object* object = parent.if_object();
    const json::value* found = object != nullptr ? object->if_contains(name) : nullptr;
    return found != nullptr && !found->is_null() ? found : nullptr;
}

std::string_view text_view(const json::value& parent, std::string_view name)
{
    const json::value* found = member(parent, name);
    if (found == nullptr || !found->is_string())
        return {};
    return {found->get_string().data(), found->get_string().size()};
}

std::string text(const json::value& parent, std::string_view name)
{
    return std::string(text_view(parent, name));
}

std::optional<double> number(const json::value& parent, std::string_view name)
{
    const json::value* found = member(parent, name);
    if (found == nullptr || !found->is_number())
        return std::nullopt;
    return found->to_number<double>();
}

std::optional<int> whole_number(const json::value& parent, std::string_view name)
{
    auto found = long_number(parent, name);
    if (!found || *found > 2'000'000'000)
        return std::nullopt;
    return static_cast<int>(*found);
}

std::optional<std::int64_t> long_number(const json::value& parent, std::string_view name)
{
    auto found = number(parent, name);
    constexpr double largest = 9'007'199'254'740'992;  // doubles have no gaps below
    if (!found || !(*found >= 0 && *found <= largest))
        return std::nullopt;
    return static_cast<std::int64_t>(*found);
}

platform::wiped_string wiped_json(const json::object& document)
{
    json::serializer writer;
    writer.reset(&document);
    platform::wiped_string out;
    char piece[512];
    while (!writer.done())
        out += std::string_view(writer.read(piece));
    platform::wipe(piece, sizeof piece);
    return out;
}

namespace {

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

}  // namespace

std::string json_text(const json::value& document)
{
    std::string text = json::serialize(document);
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
    return platform::escaped_json(out);
}

}  // namespace agent
