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

/// The language of a page.
struct chosen_language {
    const print::language* in = nullptr;
    std::string query{};  // "?lang=de", if it was chosen there
};

/// The language that the request names comes first, then the configured one, then the browser's.
chosen_language language_for(const net::http_request& asked, const std::string& configured);

}  // namespace agent::web
