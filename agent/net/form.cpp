#include "agent/net/form.hpp"

#include "agent/base/percent.hpp"

#include <algorithm>

namespace agent::net {

std::string form_value(std::string_view form, std::string_view name)
{
    while (!form.empty()) {
        auto end = std::min(form.find('&'), form.size());
        std::string_view part = form.substr(0, end);
        form.remove_prefix(std::min(end + 1, form.size()));
        bool is_it = part.starts_with(name) && part.substr(name.size()).starts_with('=');
        if (!is_it)
            continue;
        std::string value(part.substr(name.size() + 1));
        std::ranges::replace(value, '+', ' ');
        return percent_decode(value);
    }
    return {};
}

}  // namespace agent::net
