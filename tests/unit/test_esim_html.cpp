#include "agent/web/esim_html.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

namespace {

const print::language& english()
{
    return *print::find_language("en");
}

activation_code code_of(const char* text)
{
    return activation_code::parse(platform::secret(text)).value();
}

bool has(const std::string& html, const std::string& what)
{
    return html.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("a package's row tells what is left, and until when", "[web]")
{
    gigastore::balance one;
    one.name = "Europe";
    one.size = gigastore::data_size{3, "GB"};
    CHECK(has(web::package_row(one, english()), "3 GB"));  // nobody says what is left
    one.available = gigastore::data_size{512, "MB"};
    one.validity_size = 2;
    one.validity_unit = "Years";
    std::string row = web::package_row(one, english());
    CHECK(has(row, "512 MB"));
    CHECK_FALSE(has(row, "3 GB"));
    CHECK(has(row, "Valid for (days): 730"));
    one.activated_at = gigastore::timestamp();
    one.expires_at = gigastore::timestamp() + std::chrono::days(1);
    CHECK(has(web::package_row(one, english()), "datetime=\"1970-01-02\""));
}

TEST_CASE("each phone gets the link that it follows", "[web]")
{
    auto code = code_of("LPA:1$smdp.example$K7QX9-2F4M1");
    CHECK(has(web::install_link(code, web::phone::apple, english()), "esimsetup.apple.com"));
    CHECK(has(web::install_link(code, web::phone::android, english()), "esimsetup.android.com"));
    CHECK(web::install_link(code, web::phone::none, english()).empty());
}

TEST_CASE("a code by hand stands in its parts and as a whole", "[web]")
{
    std::string html = web::by_hand(code_of("LPA:1$smdp.example$K7QX9-2F4M1"), english());
    CHECK(has(html, "value=\"smdp.example\""));
    CHECK(has(html, "value=\"K7QX9-2F4M1\""));
    CHECK(has(html, "value=\"LPA:1$smdp.example$K7QX9-2F4M1\""));
    CHECK(html.starts_with("<details><summary>"));
}
