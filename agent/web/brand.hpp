#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_server.hpp"
#include "agent/print/texts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace agent::web {

/// A picture as a browser takes it.
struct picture {
    std::string content_type{};  // empty: there is none
    std::string content{};
};

/// What a shop makes its own of the pages: the brand folder (esim-agent-kiosk(7)).
struct brand {
    picture logo{};          // logo.svg or logo.png: in the title's place
    picture welcome{};       // welcome.jpg or welcome.png: while nothing is open
    std::string style{};     // the accent's colours as CSS; empty: the page's own
    std::string support{};   // a mail address, telephone number or page
    std::string hours{};     // when it can be reached
    bool is_staffed = true;  // false: nobody is sent to staff
    print::own_texts texts{};
};

/// The program's own: no logo, no colour, no words of a shop.
const brand& plain_brand();

/// The brand in a folder; the program's own where the name is empty. Fails with
/// platform::errc::configuration, and says what is wrong in which file.
result<brand> read_brand(const std::string& folder);

/// What a browser asks for of it: "/brand/logo", "/brand/welcome", "/brand/style.css".
std::optional<net::server_response> brand_file_at(const brand& of, std::string_view path);

/// Whose page it is, at its top: the logo, with the title for who does not see it; or the title.
std::string brand_html(const brand& of, std::string_view title);

/// Whom to ask, and when; empty if neither is named. `contact` is HTML.
std::string support_html(
    const std::string& contact, std::string_view hours, const print::language& in);

}  // namespace agent::web
