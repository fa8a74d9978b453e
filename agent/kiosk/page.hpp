#pragma once

#include "agent/kiosk/session.hpp"
#include "agent/print/texts.hpp"

#include <string>
#include <string_view>

namespace agent::kiosk {

using print::language;

/// A phone that the page is looked at with, as far as its User-Agent says.
enum class phone { none, apple, android };

phone phone_from(std::string_view user_agent);

/// What a page shows.
struct page_view {
    const session* shown = nullptr;  // null: nothing is open
    bool is_over = false;            // something was
    std::string base = "/";          // the page's own path
    std::string query{};             // "?lang=de", if it was chosen there
    std::string title{};             // whose kiosk it is
    bool has_self_service = false;
    bool takes_email = false;
    std::string notice{};  // a key of the texts: what the last request came to
    bool has_printer = false;
    phone on = phone::none;
};

/// The whole page, complete without scripts. Everything that comes from outside is escaped.
std::string to_html(const page_view& view, const language& in);

/// Text as it may stand in HTML's content and attributes.
std::string escape(std::string_view text);

}  // namespace agent::kiosk
