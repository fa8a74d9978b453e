#pragma once

#include "agent/net/http_message.hpp"
#include "agent/print/texts.hpp"

#include <string>
#include <string_view>

namespace agent::web {

/// A phone that a page is looked at with, as far as its User-Agent says.
enum class phone { none, apple, android };

/// Only phones that know the links which install an eSIM: iOS 17.4 and Android 10.
phone phone_from(std::string_view user_agent);

/// True for a phone or a tablet, also one that knows no such links.
bool is_handheld(std::string_view user_agent);

/// True for what looks at links before a person does, to show a preview of them.
bool is_preview(std::string_view user_agent);

/// A phone whose own menus the page can name.
enum class phone_menu { none, iphone, samsung, pixel };

/// "samsung": as it stands in a page's address; empty for none.
const char* name_of(phone_menu which);
/// The phone of that name; none if it is none.
phone_menu phone_menu_from(std::string_view name);

/// What a reader chose, which stands in the page's address.
struct page_query {
    std::string language{};  // a code; empty: not chosen
    phone_menu phone = phone_menu::none;

    /// "?lang=de&phone=samsung"; empty if nothing was chosen.
    std::string text() const;
};

/// The language of a page.
struct chosen_language {
    const print::language* in = nullptr;
    bool is_chosen = false;  // by the request's own query
};

/// The value of that name in what the request's address asks for; empty if there is none.
std::string query_value(const net::http_request& asked, std::string_view name);

/// The language that the request names comes first, then the configured one, then the browser's.
chosen_language language_for(const net::http_request& asked, const std::string& configured);

}  // namespace agent::web
