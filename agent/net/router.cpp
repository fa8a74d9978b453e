#include "agent/net/router.hpp"

#include <algorithm>

namespace agent::net {
namespace {

/// Takes what stands before the next slash off the front.
std::string_view take_part(std::string_view& rest)
{
    auto end = std::min(rest.find('/'), rest.size());
    std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

}  // namespace

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& parts)
{
    parts.clear();
    // A slash at the end is a part of its own, which is empty.
    bool have_same_end = pattern.ends_with('/') == path.ends_with('/');
    while (have_same_end && !pattern.empty() && !path.empty()) {
        std::string_view wanted = take_part(pattern);
        std::string_view given = take_part(path);
        bool is_any = wanted == "*" && !given.empty();
        if (is_any)
            parts.emplace_back(given);
        else if (wanted != given)
            return false;
    }
    return have_same_end && pattern.empty() && path.empty();
}

}  // namespace agent::net
