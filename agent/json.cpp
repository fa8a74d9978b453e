#include "agent/json.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>

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
    auto found = number(parent, name);
    if (!found || *found < 0 || *found > 2e9)
        return std::nullopt;
    return static_cast<int>(*found);
}

}  // namespace agent
