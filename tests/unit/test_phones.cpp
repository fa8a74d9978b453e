#include "agent/web/phones.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::web;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the way through a phone's menus is known in every language", "[phones]")
{
    for (const print::language& each : print::languages())
        for (phone_menu which : {phone_menu::iphone, phone_menu::samsung, phone_menu::pixel}) {
            INFO(each.code << ": " << name_of(which));
            std::string path = menu_path(which, each);
            CHECK(has(path, "</b> <b>"));
            CHECK_FALSE(has(path, " &gt; "));
        }
    CHECK(menu_path(phone_menu::none, print::languages().front()).empty());
}

TEST_CASE(
    "a phone is picked by a link that keeps the language, and given back by the same", "[phones]")
{
    const print::language& english = print::languages().front();
    std::string unpicked = phone_picker("/s/0/", {.language = "de"}, english);
    CHECK(has(unpicked, "href=\"/s/0/?lang=de&amp;phone=samsung\""));
    CHECK_FALSE(has(unpicked, "aria-current"));
    std::string picked =
        phone_picker("/", {.language = "de", .phone = phone_menu::samsung}, english);
    CHECK(has(picked, "href=\"/?lang=de\" aria-current=\"true\""));
    CHECK(has(picked, "href=\"/?lang=de&amp;phone=iphone\""));
}

TEST_CASE("the number to dial stands from left to right in every language", "[phones]")
{
    for (const print::language& each : print::languages()) {
        INFO(each.code);
        CHECK(has(phone_check(each), "<bdi dir=\"ltr\">*#06#</bdi>"));
    }
}
