#include "agent/kiosk/visit.hpp"

#include "agent/base/digest.hpp"

namespace agent::kiosk {

std::string own_page_of(const std::string& id)
{
    return "/s/" + id + "/";
}

bool is_session_id(std::string_view text)
{
    constexpr std::size_t octets = 16;
    return is_hex_of(text, octets);
}

visit visit_of(const net::http_request& asked, const std::vector<std::string>& parts,
    const std::string& configured)
{
    visit by;
    if (!parts.empty()) {
        by.id = parts.front();
        by.base = own_page_of(by.id);
    }
    by.on = web::phone_from(asked["user-agent"]);
    web::chosen_language language = web::language_for(asked, configured);
    by.in = language.in;
    by.chosen.language = language.is_chosen ? language.in->code : "";
    by.chosen.phone = web::phone_menu_from(web::query_value(asked, "phone"));
    return by;
}

}  // namespace agent::kiosk
