#include "agent/link/link_site.hpp"

#include "tests/support/run.hpp"
#include "tests/support/scripted_gigastore.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using namespace agent;
using tests::http_answer, tests::scripted;

namespace {

constexpr const char* iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)";
constexpr const char* android = "Mozilla/5.0 (Linux; Android 14; K) Mobile";

struct fixture : tests::scripted_gigastore {
    link::link_site site;
    int claims = 0;

    explicit fixture(std::deque<scripted> script, link::site_settings settings = {})
        : scripted_gigastore(std::move(script))
        , site(io.get_executor(), {.api = api, .outbox = outbox, .log = log},
              with_directory(std::move(settings), files.path() + "/links"))
    {
    }

    static link::site_settings with_directory(link::site_settings out, const std::string& where)
    {
        out.url = "https://esim.example";
        out.state_directory = where;
        return out;
    }

    /// The path of a link for the customer's eSIM.
    std::string give()
    {
        esim::order what;
        what.customer_uid = "C1";
        what.esim_uid = "E1";
        what.iccid = iccid::from("89999010000000042007");
        auto given = site.give(what);
        REQUIRE(given);
        std::string url{given->url.reveal()};
        REQUIRE(url.starts_with("https://esim.example/i/"));
        return url.substr(20);
    }

    net::server_response get(const std::string& path, const std::string& agent = "",
        const std::string& visitor = "192.0.2.1", const std::string& forwarded = "")
    {
        net::http_request asked;
        asked.target = path;
        asked.visitor = visitor;
        asked.headers.emplace_back("User-Agent", platform::wiped_string(agent));
        if (!forwarded.empty()) {
            // What a visitor claims stands in a line before the proxy's.
            asked.headers.emplace_back("X-Forwarded-For",
                "198.51.100." + platform::wiped_string(std::to_string(claims++ % 250)));
            asked.headers.emplace_back("X-Forwarded-For", platform::wiped_string(forwarded));
        }
        return tests::run(io, answer(std::move(asked))).value();
    }

    task<net::server_response> answer(net::http_request asked)
    {
        co_return co_await site.answer(std::move(asked));
    }
};

bool has(const net::server_response& answer, const std::string& what)
{
    return answer.body.find(what) != std::string::npos;
}

std::string header_of(const net::server_response& answer, const std::string& name)
{
    for (const auto& [key, value] : answer.headers)
        if (key == name)
            return {value.begin(), value.end()};
    return {};
}

}  // namespace

TEST_CASE("a link shows the code to two phones, and Gigastore is asked once", "[link]")
{
    fixture with{{tests::customer_with("RELEASED")}};
    std::string path = with.give();
    auto first = with.get(path, iphone);
    CHECK(first.status == 200);
    CHECK(has(first, "Install on this iPhone"));
    auto second = with.get(path, android, "198.51.100.7");
    CHECK(has(second, "Install on this Android phone"));
    CHECK(with.server.received().size() == 1);
    CHECK(with.stages == std::vector<std::string>{"shown"});
}

TEST_CASE("what is on a phone is reported once, and its page has no code", "[link]")
{
    fixture with{{tests::customer_with("INSTALLED")}};
    std::string path = with.give();
    CHECK(has(with.get(path, iphone), "data-state=\"installed\""));
    auto again = with.get(path, iphone);
    CHECK_FALSE(has(again, "K7QX9"));
    CHECK(with.stages == std::vector<std::string>{"installed"});
}

TEST_CASE("nothing may keep, index or leak a customer's page", "[link]")
{
    fixture with{{tests::customer_with("RELEASED")}};
    auto page = with.get(with.give(), iphone);
    CHECK(header_of(page, "Referrer-Policy") == "no-referrer");
    CHECK(header_of(page, "X-Robots-Tag").starts_with("noindex"));
    CHECK(
        header_of(page, "Content-Security-Policy").find("default-src 'none'") != std::string::npos);
    CHECK(header_of(page, "Cache-Control").empty());  // the server's own: no-store
    CHECK(has(with.get("/robots.txt"), "Disallow: /"));
}

TEST_CASE("a messenger's preview learns nothing, and does not count as opened", "[link]")
{
    fixture with{{tests::customer_with("RELEASED")}};
    std::string path = with.give();
    auto page = with.get(path, "WhatsApp/2.24.1 A");
    CHECK(page.status == 200);
    CHECK_FALSE(has(page, "K7QX9"));
    CHECK(with.server.received().empty());
    CHECK_FALSE(with.site.links().all().front().opened_at.has_value());
}

TEST_CASE("ten thousand guesses find nothing, and do not keep a customer from their page", "[link]")
{
    fixture with{{tests::customer_with("RELEASED")}};
    std::string path = with.give();
    int told = 0;
    int turned_away = 0;
    for (int i = 0; i < 10'000; ++i) {
        char token[33];
        std::snprintf(token, sizeof token, "%032X", i);
        auto answer = with.get("/i/" + std::string(token));
        told += answer.status == 404 ? 1 : 0;
        turned_away += answer.status == 429 ? 1 : 0;
    }
    CHECK(told == 5);
    CHECK(turned_away == 9'995);
    CHECK(header_of(with.get("/i/0"), "Retry-After") == "20");
    CHECK(with.server.received().empty());
    CHECK(with.get(path, iphone).status == 200);  // from the same address
}

TEST_CASE("behind a proxy whoever guesses is told apart by what the proxy added", "[link]")
{
    link::site_settings settings;
    settings.is_behind_proxy = true;
    fixture with{{}, settings};
    for (int i = 0; i < 6; ++i)
        with.get("/i/0", "", "127.0.0.1", "203.0.113.9, 192.0.2.1");
    CHECK(with.get("/i/0", "", "127.0.0.1", "203.0.113.9, 192.0.2.1").status == 429);
    CHECK(with.get("/i/0", "", "127.0.0.1", "192.0.2.1, 192.0.2.2").status == 404);
    fixture open{{}};
    for (int i = 0; i < 6; ++i)
        open.get("/i/0", "", "192.0.2.1", "192.0.2." + std::to_string(i));
    CHECK(open.get("/i/0", "", "192.0.2.1", "192.0.2.99").status == 429);
}

TEST_CASE("an ended link reads like one that never was", "[link]")
{
    fixture with{{}};
    std::string path = with.give();
    REQUIRE(with.site.links().revoke(with.site.links().all().front().id).value());
    auto ended = with.get(path);
    auto never = with.get("/i/0123456789ABCDEF0123456789ABCDEF");
    CHECK(ended.status == 404);
    CHECK(never.status == 404);
    auto without = [](std::string text, const std::string& own) {
        for (auto at = text.find(own); at != text.npos; at = text.find(own))
            text.erase(at, own.size());
        return text;
    };
    CHECK(without(ended.body, path) == without(never.body, "/i/0123456789ABCDEF0123456789ABCDEF"));
}

TEST_CASE("what is no token never comes into the page", "[link]")
{
    fixture with{{}};
    auto page = with.get("/i/%22%3E%3Cscript%3E");
    CHECK(page.status == 404);
    CHECK_FALSE(has(page, "script%3E"));
}

TEST_CASE("a link that is too old for its code says that it ended", "[link]")
{
    link::site_settings settings;
    settings.code_lasts = std::chrono::hours(0);
    fixture with{{tests::customer_with("RELEASED")}, settings};
    auto page = with.get(with.give(), iphone);
    CHECK(page.status == 410);
    CHECK_FALSE(has(page, "K7QX9"));
    CHECK(with.stages.empty());
}

TEST_CASE("while Gigastore cannot say, the page says so and tries again", "[link]")
{
    fixture with{{{.answer = http_answer(400, "{}")}, tests::customer_with("RELEASED")}};
    std::string path = with.give();
    auto page = with.get(path, iphone);
    CHECK(page.status == 503);
    CHECK(has(page, "data-state=\"unsure\""));
    CHECK_FALSE(has(page, "K7QX9"));
    // Whoever asks on and on does not make us ask Gigastore each time.
    CHECK(with.get(path, iphone).status == 503);
    CHECK(with.server.received().size() == 1);
}

TEST_CASE("an eSIM that Gigastore no longer names cannot be installed", "[link]")
{
    fixture with{{{.answer = http_answer(200, R"j({"customer":{"uid":"C1"}})j")}}};
    auto page = with.get(with.give(), iphone);
    CHECK(has(page, "data-state=\"failed\""));
    CHECK(has(page, "\u20262007"));  // the number to tell
}
