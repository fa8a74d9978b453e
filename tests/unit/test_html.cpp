#include "agent/web/html.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

TEST_CASE("text in HTML is text", "[web]")
{
    CHECK(web::escape("<a href=\"x\">'&'</a>")
          == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    CHECK(web::paragraph("1 < 2") == "<p>1 &lt; 2</p>");
    CHECK(web::element("p", "class=\"note\"", "a & b") == "<p class=\"note\">a &amp; b</p>");
}

TEST_CASE("a size is written in the largest unit that it fills", "[web]")
{
    auto text = [](double value, const char* unit) {
        return web::size_html(gigastore::data_size{value, unit});
    };
    CHECK(text(512, "MB").find("512 MB") != std::string::npos);
    CHECK(text(1536, "MB").find("1.5 GB") != std::string::npos);
    CHECK(text(419.6, "MB").find("420 MB") != std::string::npos);
    CHECK(text(2.25, "MB").find("2.25 MB") != std::string::npos);
    CHECK(text(1, "TB").find("1024 GB") != std::string::npos);
    CHECK(text(3, "<b>").find("&lt;b&gt;") != std::string::npos);
}

TEST_CASE("a QR is a card, and too much for a QR is none", "[web]")
{
    auto card = web::qr_card(platform::secret("https://esim.example"), "title", "what it is");
    CHECK(card.find("id=\"code\"") != std::string::npos);
    CHECK(card.find("what it is") != std::string::npos);
    auto small =
        web::qr_card(platform::secret("https://esim.example"), "title", "", web::card_size::small);
    CHECK(small.find("id=\"code\"") == std::string::npos);
    CHECK(web::qr_card(platform::secret(std::string(5'000, 'x')), "title", "").empty());
}
