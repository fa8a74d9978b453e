#include "agent/web/answers.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

namespace {

std::string header_of(const net::server_response& answer, const std::string& name)
{
    for (const auto& [key, value] : answer.headers)
        if (key == name)
            return {value.begin(), value.end()};
    return {};
}

}  // namespace

TEST_CASE("the pages' files are found by their path, and nothing else is", "[web]")
{
    for (const char* path : {"/page.css", "/shared.js", "/page.js", "/link.js"}) {
        auto file = web::file_at(path);
        REQUIRE(file);
        CHECK(file->body.size() > 100);
        CHECK(header_of(*file, "Cache-Control") == "no-cache");
        bool is_style = std::string_view(path).ends_with(".css");
        CHECK(file->content_type.starts_with(is_style ? "text/css" : "text/javascript"));
    }
    auto odd =
        GENERATE("", "/", "page.css/", "/../page.css", "/page.css/", "//page.css", "/en.json");
    CHECK_FALSE(web::file_at(odd));
}

TEST_CASE("a protected answer lets nothing in from elsewhere", "[web]")
{
    net::server_response answer = web::plain(200, "words");
    web::protect(answer, "no-referrer");
    std::string policy = header_of(answer, "Content-Security-Policy");
    CHECK(policy.find("default-src 'none'") != std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(header_of(answer, "Referrer-Policy") == "no-referrer");
    CHECK(header_of(answer, "X-Content-Type-Options") == "nosniff");
}
