#include "agent/kiosk/visit.hpp"

#include "tests/support/catch.hpp"

using namespace agent::kiosk;
using agent::net::http_request;

namespace {

http_request request(const std::string& target, const std::string& languages = "")
{
    http_request out;
    out.target = target;
    out.headers.emplace_back("Accept-Language", platform::wiped_string(languages));
    return out;
}

}  // namespace

TEST_CASE(
    "the language that was chosen comes first, then the kiosk's, then the browser's", "[visit]")
{
    visit chosen = visit_of(request("/?lang=de", "fr"), {}, "es");
    CHECK(chosen.in->code == "de");
    CHECK(chosen.chosen.text() == "?lang=de");
    CHECK(visit_of(request("/", "fr"), {}, "es").in->code == "es");
    visit browser = visit_of(request("/?lang=xx", "fr"), {}, "");
    CHECK(browser.in->code == "fr");
    CHECK(browser.chosen.text().empty());
    CHECK(visit_of(request("/"), {}, "").in->code == "en");
}

TEST_CASE("the phone that was picked stays in the page's address, beside the language", "[visit]")
{
    visit both = visit_of(request("/?phone=samsung&lang=de"), {}, "");
    CHECK(both.chosen.phone == agent::web::phone_menu::samsung);
    CHECK(both.chosen.text() == "?lang=de&phone=samsung");
    CHECK(visit_of(request("/?phone=iphone"), {}, "").chosen.text() == "?phone=iphone");
    auto odd = GENERATE("/?phone=nokia", "/?phone=", "/?phone=\"><script>");
    CHECK(visit_of(request(odd), {}, "").chosen.text().empty());
}

TEST_CASE("a visit of one session stays on its page", "[visit]")
{
    std::string id = "0123456789ABCDEF0123456789ABCDEF";
    visit by = visit_of(request("/s/" + id + "/"), {id}, "");
    CHECK(by.id == id);
    CHECK(by.base == "/s/" + id + "/");
    CHECK(visit_of(request("/"), {}, "").base == "/");
}

TEST_CASE("nothing but a session's id comes into a page's own path", "[visit]")
{
    CHECK(is_session_id("0123456789ABCDEF0123456789ABCDEF"));
    auto odd = GENERATE("", "0123456789ABCDEF", "0123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789ABCDEF0", "\"><script>alert(1)</script>AAAAAA");
    CHECK_FALSE(is_session_id(odd));
}
