#pragma once

#include "agent/kiosk/session.hpp"
#include "agent/kiosk/wifi.hpp"
#include "agent/print/texts.hpp"
#include "agent/web/brand.hpp"
#include "agent/web/reader.hpp"

#include <string>

namespace agent::kiosk {

using print::language;
using web::phone;

/// What a page shows.
struct page_view {
    const session* shown = nullptr;  // null: nothing is open
    bool is_over = false;            // something was
    std::string base = "/";          // the page's own path
    web::page_query chosen{};
    std::string title{};  // whose kiosk it is
    const web::brand* look = &web::plain_brand();
    bool has_self_service = false;
    bool takes_email = false;
    std::string notice{};  // a key of the texts: what the last request came to
    bool has_printer = false;
    const wifi* network = nullptr;  // the visitors'; null: none is shown
    phone on = phone::none;
};

/// True if a phone is led to the visitors' network before it sees the code.
bool leads_to_wifi(const page_view& view);

/// The whole page, complete without scripts. Everything that comes from outside is escaped.
std::string to_html(const page_view& view, const language& in);
}  // namespace agent::kiosk
