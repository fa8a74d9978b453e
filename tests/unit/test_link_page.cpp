#include "agent/link/link_page.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::link;

namespace {

const print::language& english()
{
    return *print::find_language("en");
}

bool has(const std::string& page, const std::string& what)
{
    return page.find(what) != std::string::npos;
}

std::size_t place_of(const std::string& page, const std::string& what)
{
    return page.find(what);
}

struct fixture {
    gigastore::customer who;
    gigastore::esim one;
    page_view view;

    fixture()
    {
        one.iccid = iccid::from("89999010000000042007");
        one.state = gigastore::esim_state::released;
        one.state_text = "RELEASED";
        one.has_code = true;
        one.activation_code = platform::secret("LPA:1$smdp.example$K7QX9-2F4M1");
        view.state = page_state::installable;
        view.iccid = one.iccid;
        view.who = &who;
        view.which = &one;
        view.code = activation_code::parse(one.activation_code).value();
        view.base = "/i/0123456789ABCDEF0123456789ABCDEF";
    }
};

constexpr const char* hostile = "\"><script>alert('x')</script>&<img src=x onerror=alert(1)>";

}  // namespace

TEST_CASE("on a phone the button comes first, and the code is folded", "[link]")
{
    fixture with;
    with.view.on = web::phone::apple;
    with.view.is_handheld = true;
    std::string page = to_html(with.view, english());
    auto button = place_of(page, "Install on this iPhone");
    auto code = place_of(page, "id=\"code\"");
    REQUIRE(button != std::string::npos);
    REQUIRE(code != std::string::npos);
    CHECK(button < place_of(page, "<details>"));
    CHECK(place_of(page, "<details>") < code);
    with.view.on = web::phone::android;
    CHECK(has(to_html(with.view, english()), "Install on this Android phone"));
}

TEST_CASE("on a phone that knows no such button there is none", "[link]")
{
    fixture with;
    with.view.is_handheld = true;
    std::string page = to_html(with.view, english());
    CHECK_FALSE(has(page, "class=\"button\""));
    CHECK(has(page, "K7QX9-2F4M1"));
    CHECK(has(page, "<details open><summary>Enter the code by hand"));
}

TEST_CASE("on a desktop the code is there to be scanned", "[link]")
{
    fixture with;
    std::string page = to_html(with.view, english());
    CHECK(place_of(page, "id=\"code\"") < place_of(page, "<details>"));
    CHECK(has(page, "Scan this code with your phone"));
}

TEST_CASE("once it is installed the page tells what is left, and holds no code", "[link]")
{
    fixture with;
    with.one.state = gigastore::esim_state::installed;
    with.view.state = page_state::installed;
    with.who.total_available_balance = gigastore::data_size{1536, "MB"};
    gigastore::activated_item item;
    item.balance.name = "Europe 3 GB";
    item.balance.available = gigastore::data_size{1536, "MB"};
    item.balance.activated_at = gigastore::timestamp();
    item.balance.expires_at = gigastore::timestamp::max();
    with.who.activated_items.push_back(item);
    std::string page = to_html(with.view, english());
    CHECK(has(page, "data-unit=\"gigabyte\""));
    CHECK(has(page, "Europe 3 GB"));
    CHECK(has(page, "Valid until"));
    CHECK(has(page, "Installed"));
    CHECK_FALSE(has(page, "K7QX9"));
    CHECK_FALSE(has(page, "shape-rendering"));
    with.one.state = gigastore::esim_state::disabled;
    CHECK(has(to_html(with.view, english()), "switched off on the phone"));
}

TEST_CASE("a link that is too old shows no code, and what was installed all the same", "[link]")
{
    fixture with;
    CHECK(state_of(with.one, true) == page_state::installable);
    CHECK(state_of(with.one, false) == page_state::over);
    with.one.state = gigastore::esim_state::installed;
    CHECK(state_of(with.one, false) == page_state::installed);
    with.one.state = gigastore::esim_state::error;
    CHECK(state_of(with.one, true) == page_state::failed);
}

TEST_CASE("only what can be installed has the code in it", "[link]")
{
    fixture with;
    with.view.support = "help@esim.example";
    auto state = GENERATE(page_state::installed, page_state::failed, page_state::over,
        page_state::unsure, page_state::preview);
    with.view.state = state;
    std::string page = to_html(with.view, english());
    CHECK_FALSE(has(page, "K7QX9"));
    CHECK_FALSE(has(page, "shape-rendering"));
    CHECK(has(page, "noindex"));
    bool says_who_helps = state != page_state::preview;
    CHECK(has(page, "mailto:help@esim.example") == says_who_helps);
}

TEST_CASE("support is a link that its kind has", "[link]")
{
    fixture with;
    auto page_with = [&](const char* contact) {
        with.view.support = contact;
        return to_html(with.view, english());
    };
    CHECK(has(page_with("help@esim.example"), "href=\"mailto:help@esim.example\""));
    CHECK(has(page_with("+49 30 1234"), "href=\"tel:+49301234\""));
    CHECK(has(page_with("https://esim.example/help"), "href=\"https://esim.example/help\""));
    CHECK_FALSE(has(page_with("javascript:alert(1)"), "href=\"javascript"));
}

TEST_CASE("what comes from elsewhere is text on a customer's page", "[link]")
{
    fixture with;
    with.view.title = hostile;
    with.view.support = hostile;
    with.view.iccid = iccid::from(hostile);
    with.who.total_available_balance = gigastore::data_size{1, hostile};
    gigastore::activated_item item;
    item.balance.name = hostile;
    with.who.activated_items.push_back(item);
    auto state = GENERATE(page_state::installable, page_state::installed, page_state::failed);
    with.view.state = state;
    std::string page = to_html(with.view, english());
    CHECK_FALSE(has(page, "<script>"));
    CHECK_FALSE(has(page, "<img"));
}
