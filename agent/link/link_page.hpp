#pragma once

#include "agent/esim/fetch_order.hpp"
#include "agent/gigastore/types.hpp"
#include "agent/print/texts.hpp"
#include "agent/web/brand.hpp"
#include "agent/web/reader.hpp"

#include <optional>
#include <string>

namespace agent::link {

/// What a customer's page is about at the moment.
enum class page_state {
    installable,  // the eSIM waits for its phone
    installed,    // it is on one: what is left of the data
    failed,       // Gigastore says that it cannot be installed
    over,         // the link has ended, or never was
    unsure,       // nobody can say right now
    preview,      // a messenger looks at the link, before its reader does
};

/// How Gigastore's word of an eSIM reads on the page. `shows_code` is false once the link is too
/// old for it.
page_state state_of(const gigastore::esim& one, bool shows_code);

/// What a page shows.
struct page_view {
    page_state state = page_state::over;
    const gigastore::customer* who = nullptr;  // null where the state needs none
    const gigastore::esim* which = nullptr;    // one of theirs
    agent::iccid iccid{};
    std::optional<activation_code> code{};  // installable
    gigastore::timestamp now{};
    web::phone on = web::phone::none;
    bool is_handheld = false;
    std::string base{};   // the page's own path
    std::string title{};  // whose it is; empty: the language's
    const web::brand* look = &web::plain_brand();
    std::string support{};  // a mail address, telephone number or page; empty: none
};

/// The whole page, complete without scripts. Everything that comes from outside is escaped.
std::string to_html(const page_view& view, const print::language& in);

}  // namespace agent::link
