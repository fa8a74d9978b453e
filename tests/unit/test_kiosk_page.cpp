#include "agent/kiosk/page.hpp"
#include "agent/link/link_page.hpp"
#include "agent/print/receipt.hpp"
#include "agent/print/texts.hpp"
#include "agent/web/html.hpp"

#include "tests/support/catch.hpp"

#include <set>

using namespace agent::kiosk;
using agent::print::choose_language, agent::print::drawable, agent::print::find_language,
    agent::print::languages;
using agent::web::escape;

namespace {

constexpr const char* hostile = "\"><script>alert('x')</script>&<img src=x onerror=alert(1)>";

session some_session()
{
    session out;
    out.id = "0123";
    out.iccid = agent::iccid::from("89999010000000042007");
    out.activation_code = platform::secret("LPA:1$smdp.example$K7QX9-2F4M1");
    out.checked_at = steady_clock::now();
    out.ends_at = steady_clock::now() + std::chrono::minutes(10);
    return out;
}

bool has(const std::string& page, const std::string& what)
{
    return page.find(what) != std::string::npos;
}

const language& english()
{
    return *find_language("en");
}

/// All states of a customer's own page.
std::string link_pages()
{
    using namespace agent;
    gigastore::customer who;
    gigastore::esim one;
    one.activated_at = gigastore::timestamp();
    one.last_seen = gigastore::timestamp();
    link::page_view view;
    view.who = &who;
    view.which = &one;
    view.code =
        activation_code::parse(platform::secret("LPA:1$smdp.example$K7QX9-2F4M1$$1")).value();
    view.support = "help@esim.example";
    std::string out;
    for (link::page_state state : {link::page_state::installable, link::page_state::installed,
             link::page_state::failed, link::page_state::over, link::page_state::unsure}) {
        view.state = state;
        for (bool is_handheld : {false, true}) {
            view.is_handheld = is_handheld;
            one.state =
                is_handheld ? gigastore::esim_state::disabled : gigastore::esim_state::installed;
            out += link::to_html(view, english());
        }
    }
    return out;
}

}  // namespace

namespace {

/// A way through menus is shown menu by menu, and a number to dial by itself.
std::vector<std::string> menus_of(std::string words)
{
    std::vector<std::string> out;
    for (const std::string between : {" > ", "*#06#"})
        for (auto at = words.find(between); at != words.npos; at = words.find(between)) {
            out.push_back(words.substr(0, at));
            words.erase(0, at + between.size());
        }
    out.push_back(words);
    return out;
}

}  // namespace

TEST_CASE("no language lacks a text that another has, and none is empty", "[kiosk]")
{
    std::set<std::string> keys;
    for (const auto& [key, words] : english().words)
        keys.insert(key);
    CHECK(languages().size() == 15);
    for (const language& each : languages()) {
        std::set<std::string> own;
        for (const auto& [key, words] : each.words) {
            own.insert(key);
            INFO(each.code << " " << key);
            CHECK_FALSE(words.empty());
        }
        INFO(each.code);
        CHECK(own == keys);
    }
}

TEST_CASE("what the program draws itself is English where letters would need shaping", "[kiosk]")
{
    CHECK(drawable(*find_language("hi")).code == "en");
    for (const char* code : {"ar", "ko", "ru", "zh-Hant"})
        CHECK(drawable(*find_language(code)).code == code);
}

TEST_CASE("every text is used by the page, and every key that the page uses is there", "[kiosk]")
{
    // All states of the page in English, whose texts are all different.
    std::string all;
    session one = some_session();
    one.activation_code = platform::secret("LPA:1$smdp.example$K7QX9-2F4M1$$1");
    one.packages.push_back({.validity_size = 30, .validity_unit = "days"});
    one.packages.push_back({.activated_at = agent::gigastore::timestamp(),
        .expires_at = agent::gigastore::timestamp(),
        .name = "Some"});
    one.total_balance = agent::gigastore::data_size{1.5, "GB"};
    one.link = platform::secret("https://esim.example/i/0123");
    page_view view;
    view.shown = &one;
    view.has_printer = true;
    view.base = "/s/0123/";
    for (phone on : {phone::none, phone::apple, phone::android}) {
        view.on = on;
        all += to_html(view, english());
    }
    view.on = phone::none;
    using agent::web::phone_menu;
    for (phone_menu picked : {phone_menu::iphone, phone_menu::samsung, phone_menu::pixel}) {
        view.chosen.phone = picked;
        all += to_html(view, english());
    }
    view.chosen = {};
    wifi network;
    network.ssid = "Guests";
    network.password = platform::secret("open sesame");
    view.on = phone::none;
    view.network = &network;
    for (bool is_online : {false, true}) {
        one.is_online = is_online;
        all += to_html(view, english());
    }
    for (session_state state :
        {session_state::downloading, session_state::installed, session_state::failed}) {
        one.state = state;
        all += to_html(view, english());
    }
    one.state = session_state::waiting;
    one.checked_at = {};
    all += to_html(view, english());
    page_view empty;
    all += to_html(empty, english());
    empty.is_over = true;
    all += to_html(empty, english());
    agent::web::brand look;
    look.support = "help@esim.example";
    look.hours = "8-20";
    empty = {};
    empty.look = &look;
    empty.has_self_service = true;
    for (const char* notice : {"find_failed", "find_wait", "printed", "print_failed"}) {
        empty.notice = notice;
        empty.takes_email = !empty.takes_email;
        all += to_html(empty, english());
    }
    all += link_pages();
    auto paper = agent::print::to_receipt({.code = platform::secret("LPA:1$a.example$X"),
                                              .link = platform::secret("https://b.example")},
        english());
    CHECK(paper.has_value());
    const std::set<std::string> on_paper{"receipt_step"};
    for (const auto& [key, words] : english().words) {
        bool is_elsewhere = on_paper.contains(key) || key.ends_with("_unstaffed");
        if (is_elsewhere)
            continue;
        INFO(key);
        for (const std::string& each : menus_of(words))
            CHECK(has(all, escape(each)));
    }
}

TEST_CASE("what comes from Gigastore or the configuration is text, whatever it holds", "[kiosk]")
{
    session one = some_session();
    one.iccid = agent::iccid::from(hostile);
    one.packages.push_back({.name = hostile,
        .size = agent::gigastore::data_size{1, hostile},
        .validity_size = 1,
        .validity_unit = hostile});
    one.total_balance = agent::gigastore::data_size{1, hostile};
    one.activation_code = platform::secret(std::string("LPA:1$smdp.example$") + "\"><script>");
    page_view view;
    view.shown = &one;
    view.title = hostile;
    for (session_state state : {session_state::waiting, session_state::installed,
             session_state::failed, session_state::downloading}) {
        one.state = state;
        std::string page = to_html(view, english());
        CHECK_FALSE(has(page, "<script>"));
        CHECK_FALSE(has(page, "<img"));
        CHECK(has(page, "&lt;script&gt;"));
    }
}

TEST_CASE("the code is in the page only while it can be scanned", "[kiosk]")
{
    session one = some_session();
    page_view view;
    view.shown = &one;
    CHECK(has(to_html(view, english()), "K7QX9-2F4M1"));
    for (session_state state : {session_state::installed, session_state::failed}) {
        one.state = state;
        CHECK_FALSE(has(to_html(view, english()), "K7QX9"));
        CHECK_FALSE(has(to_html(view, english()), "shape-rendering"));
    }
    one.state = session_state::waiting;
    one.checked_at = steady_clock::now() - std::chrono::minutes(2);
    CHECK_FALSE(has(to_html(view, english()), "K7QX9"));
    CHECK_FALSE(has(to_html(view, english()), "shape-rendering"));
}

TEST_CASE("the code is not in the page before the phone is led to the Wi-Fi", "[kiosk]")
{
    session one = some_session();
    wifi network;
    network.ssid = hostile;
    network.password = platform::secret(hostile);
    page_view view;
    view.shown = &one;
    view.network = &network;
    std::string page = to_html(view, english());
    CHECK_FALSE(has(page, "K7QX9"));
    CHECK(has(page, "data-state=\"wifi\""));
    CHECK(has(page, "action=\"/online\""));
    CHECK_FALSE(has(page, "<script>"));
    CHECK_FALSE(has(page, "<img"));
    one.is_online = true;
    page = to_html(view, english());
    CHECK(has(page, "K7QX9-2F4M1"));
    CHECK(has(page, "action=\"/offline\""));
    // A phone that looks at the page itself is online already.
    one.is_online = false;
    view.on = phone::android;
    CHECK(has(to_html(view, english()), "K7QX9-2F4M1"));
    // Whatever is no code to scan needs no network.
    view.on = phone::none;
    one.state = session_state::installed;
    CHECK(has(to_html(view, english()), "data-state=\"installed\""));
}

TEST_CASE("of the ICCID a page shows the last four digits", "[kiosk]")
{
    session one = some_session();
    page_view view;
    view.shown = &one;
    CHECK(has(to_html(view, english()), "\u20262007<"));
    CHECK_FALSE(has(to_html(view, english()), "42007"));
}

TEST_CASE("the language is the browser's first that there is", "[kiosk]")
{
    CHECK(choose_language("").code == "en");
    CHECK(choose_language("xx,tlh;q=0.9").code == "en");
    CHECK(choose_language("de-AT,de;q=0.9,en;q=0.8").code == "de");
    CHECK(choose_language("en;q=0.3, ja;q=0.8").code == "ja");
    CHECK(choose_language("fr;q=0, it").code == "it");
    CHECK(choose_language("zh-Hans-CN").code == "zh");
    CHECK(choose_language("pt-PT,en").code == "pt");
    CHECK(choose_language("pt-BR,pt;q=0.9").code == "pt-BR");
    CHECK(choose_language("es-419").code == "es");
    for (const char* traditional : {"zh-TW", "zh_HK", "zh-MO", "zh-Hant", "zh-Hant-HK"})
        CHECK(choose_language(traditional).code == "zh-Hant");
    CHECK(find_language("AR")->is_right_to_left);
    CHECK(find_language("nl") == nullptr);
}
