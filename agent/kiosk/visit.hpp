#pragma once

#include "agent/kiosk/page.hpp"
#include "agent/net/http_server.hpp"

#include <string>
#include <vector>

namespace agent::kiosk {

/// Who looks at which page, in which language.
struct visit {
    std::string base = "/";  // or "/s/ID/"
    std::string id{};        // of the session in it
    web::page_query chosen{};
    const language* in = nullptr;
    phone on = phone::none;
    std::string visitor{};  // whose attempts are counted
};

/// The visit that a request is. `parts` may hold a session's id; `configured` is the kiosk's own
/// language, empty for the browser's. The language that the request names comes first.
visit visit_of(const net::http_request& asked, const std::vector<std::string>& parts,
    const std::string& configured);

/// Where the page of one session is: "/s/ID/".
std::string own_page_of(const std::string& id);

/// True for what can be a session's id: 32 hexadecimal digits in upper case. Nothing else may come
/// into a page.
bool is_session_id(std::string_view text);

}  // namespace agent::kiosk
