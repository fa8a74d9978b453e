#include "agent/web/answers.hpp"

#include "web_files.hpp"

#include <algorithm>
#include <iterator>

namespace agent::web {

using net::server_response;

server_response plain(unsigned status, std::string words)
{
    server_response out;
    out.status = status;
    out.content_type = "text/plain; charset=utf-8";
    out.body = std::move(words) + "\n";
    return out;
}

server_response no_content()
{
    server_response out;
    out.status = 204;
    return out;
}

server_response see_other(const std::string& where)
{
    server_response out = plain(303, where);
    out.headers.emplace_back("Location", where);
    return out;
}

std::optional<server_response> file_at(std::string_view path, const brand& look)
{
    std::string_view name = path.substr(std::min<std::size_t>(path.size(), 1));
    auto found = std::ranges::find(web_files, name, &embedded_file::name);
    if (found == std::end(web_files))
        return brand_file_at(look, path);
    server_response out;
    out.content_type =
        name.ends_with(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
    out.body = found->content;
    out.headers.emplace_back("Cache-Control", "no-cache");
    return out;
}

void protect(server_response& answer, const char* referrer)
{
    // A shop's logo may have styles of its own, and is never a page.
    bool is_picture = answer.content_type.starts_with("image/");
    answer.headers.emplace_back("Content-Security-Policy",
        is_picture
            ? "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
              "sandbox"
            : "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
              "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
    answer.headers.emplace_back("Referrer-Policy", referrer);
    answer.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    answer.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace agent::web
