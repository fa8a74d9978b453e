#pragma once

#include "agent/print/texts.hpp"
#include "agent/web/reader.hpp"

#include <string>
#include <string_view>

namespace agent::web {

/// Three pictures to pick a phone from: links, so that they work without scripts. The one that was
/// picked leads back.
std::string phone_picker(
    std::string_view base, const page_query& chosen, const print::language& in);

/// The way through that phone's menus, in its own words; empty for none.
std::string menu_path(phone_menu which, const print::language& in);

/// How to find out whether a phone takes eSIMs at all, behind a word to open.
std::string phone_check(const print::language& in);

/// Phone, code, tick: a picture without words of what is to be done here.
std::string scan_picture();

}  // namespace agent::web
