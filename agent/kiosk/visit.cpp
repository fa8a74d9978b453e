#include "agent/kiosk/visit.hpp"

#include "agent/net/form.hpp"

#include <algorithm>

namespace agent::kiosk {

std::string own_page_of(const std::string& id)
{
    return "/s/" + id + "/";
}

bool is_session_id(std::string_view text)
{
    constexpr std::size_t digits = 32;
    return text.size() == digits && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

visit visit_of(const net::http_request& asked, const std::vector<std::string>& parts,
    const std::string& configured)
{
    visit by;
    if (!parts.empty()) {
        by.id = parts.front();
        by.base = own_page_of(by.id);
    }
    by.on = phone_from(asked["user-agent"]);
    std::string_view target = asked.target;
    std::string_view query = target.substr(std::min(asked.path().size() + 1, target.size()));
    by.in = print::find_language(net::form_value(query, "lang"));
    if (by.in != nullptr)
        by.query = "?lang=" + by.in->code;
    if (by.in == nullptr && !configured.empty())
        by.in = print::find_language(configured);
    if (by.in == nullptr)
        by.in = &print::choose_language(asked["accept-language"]);
    return by;
}

}  // namespace agent::kiosk
