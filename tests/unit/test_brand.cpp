#include "agent/web/brand.hpp"

#include "agent/print/own_texts.hpp"
#include "agent/web/accent.hpp"
#include "platform/error.hpp"
#include "tests/support/temporary.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace agent;
using namespace agent::web;

namespace {

struct folder {
    tests::temporary_directory at{};

    void write(const std::string& name, const std::string& content)
    {
        std::filesystem::create_directories(at.path() + "/texts");
        std::ofstream(at.path() + "/" + name) << content;
    }
    /// What is wrong with it; empty if nothing is.
    std::string trouble() const
    {
        auto read = read_brand(at.path());
        return read ? "" : read.error().message();
    }
};

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != text.npos;
}

const print::language& language_of(const char* code)
{
    return *print::find_language(code);
}

/// Every text of English, with something else in it.
std::string all_texts()
{
    std::string out;
    for (const auto& [key, words] : language_of("en").words)
        out += (out.empty() ? "{\"" : ",\"") + key + "\":\"nl " + key + "\"";
    return out + "}";
}

/// The program speaks for itself again after the test.
struct own_words_end {
    own_words_end() = default;
    own_words_end(const own_words_end&) = delete;
    own_words_end& operator=(const own_words_end&) = delete;
    ~own_words_end() { print::set_texts({}, true); }
};

}  // namespace

TEST_CASE("contrast is WCAG's", "[brand]")
{
    CHECK(contrast({0, 0, 0}, {255, 255, 255}) == Approx(21));
    CHECK(contrast({255, 255, 255}, {255, 255, 255}) == Approx(1));
    CHECK(contrast({0x77, 0x77, 0x77}, {255, 255, 255}) == Approx(4.48).margin(0.005));
}

TEST_CASE(
    "an accent reads on light and on dark pages, or is refused with how well it does", "[brand]")
{
    for (const char* good : {"#000000", "#00576e", "#8a1538", "#0000ff", "#006400"}) {
        INFO(good);
        auto both = accent_of(parse_colour(good).value());
        REQUIRE(both.has_value());
        CHECK(both->on_light.text() == good);
        CHECK(contrast(both->on_light, {0xf4, 0xf6, 0xf8}) >= 4.5);
        CHECK(contrast(both->on_dark, {0x16, 0x24, 0x2c}) >= 4.5);
    }
    auto yellow = accent_of(parse_colour("#ffcc00").value());
    REQUIRE_FALSE(yellow.has_value());
    CHECK(has(yellow.error().message(), "#ffcc00 reads at 1.3 : 1"));
    for (const char* none : {"", "red", "#12345", "#1234567", "#12345g", "#+12345", "00576e#"})
        CHECK_FALSE(parse_colour(none).has_value());
}

TEST_CASE("a brand folder is whatever of it there is", "[brand]")
{
    folder of;
    auto none = read_brand("");
    REQUIRE(none.has_value());
    CHECK(brand_html(*none, "A <shop>") == "<p class=\"brand\">A &lt;shop&gt;</p>");
    CHECK(support_html(none->support, none->hours, language_of("en")).empty());
    CHECK_FALSE(brand_file_at(*none, "/brand/style.css").has_value());
    CHECK(of.trouble().empty());
    of.write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    of.write("welcome.jpg", "\xff\xd8\xff\xe0");
    of.write("brand.json",
        R"({"accent":"#8a1538","support":"<help>","openingHours":"8-20","staffed":false})");
    auto read = read_brand(of.at.path());
    REQUIRE(read.has_value());
    CHECK_FALSE(read->is_staffed);
    CHECK(brand_html(*read, "A \"shop\"")
          == "<p class=\"brand\"><img src=\"/brand/logo\" alt=\"A &quot;shop&quot;\"></p>");
    CHECK(support_html("<a>help</a>", read->hours, language_of("en"))
          == "<p class=\"support\">Support: <bdi><a>help</a></bdi><br>Opening hours: "
             "<bdi>8-20</bdi></p>");
    CHECK(brand_file_at(*read, "/brand/logo")->content_type == "image/svg+xml");
    CHECK(brand_file_at(*read, "/brand/welcome")->content_type == "image/jpeg");
    CHECK(has(brand_file_at(*read, "/brand/style.css")->body, "--accent:#8a1538}"));
    CHECK_FALSE(brand_file_at(*read, "/brand/../brand.json").has_value());
}

TEST_CASE("what is wrong in a brand folder is said with the file's name", "[brand]")
{
    struct wrong_file {
        const char* name;
        const char* content;
        const char* words;
    };
    auto wrong = GENERATE(wrong_file{"logo.png", "GIF89a", "logo.png: no PNG"},
        wrong_file{"logo.svg", "<svg><script>1</script></svg>", "logo.svg: no SVG, or one with"},
        wrong_file{"logo.svg", "<svg><image href=\"https://x/y.png\"/></svg>", "logo.svg: no SVG"},
        wrong_file{"welcome.jpg", "\x89PNG", "welcome.jpg: no JPEG"},
        wrong_file{"Logo.PNG", "", "Logo.PNG: a picture ends in .svg, .png or .jpg"},
        wrong_file{"welcome.jpeg", "", "welcome.jpeg: a picture ends in"},
        wrong_file{"brand.json", "{", "brand.json: "},
        wrong_file{"brand.json", R"({"colour":"#000000"})",
            "'colour' is not known; there are accent, support, openingHours and staffed"},
        wrong_file{"brand.json", R"({"accent":"#ffcc00"})", "take a darker one"},
        wrong_file{"brand.json", R"({"support":"a\u0007b"})", "support holds control characters"},
        wrong_file{"texts/de.json", R"({"tilte":"x"})", "de.json: there is no text 'tilte'"},
        wrong_file{"texts/de.json", R"({"title":1})", "de.json: 'title' is no text"},
        wrong_file{"texts/de.json", "[]", "de.json: this is no JSON object"},
        wrong_file{"texts/nl.json", R"({"title":"x"})", "needs every text, and 'about' is missing"},
        wrong_file{"texts/a\"b.json", "{}", "is called as its language"});
    folder of;
    of.write(wrong.name, wrong.content);
    INFO(of.trouble());
    CHECK(has(of.trouble(), wrong.words));
    CHECK(has(of.trouble(), of.at.path()));
    CHECK(read_brand(of.at.path()).error().code() == platform::errc::configuration);
    CHECK(has(read_brand("/nowhere/brand").error().message(), "/nowhere/brand"));
}

TEST_CASE(
    "a shop changes words, adds a language, and sends nobody to staff that is not there", "[brand]")
{
    own_words_end after;
    folder of;
    of.write("texts/de.json", R"({"title":"Willkommen bei uns"})");
    of.write("texts/nl.json", all_texts());
    auto read = read_brand(of.at.path());
    REQUIRE(read.has_value());
    print::set_texts(read->texts, true);
    CHECK(language_of("de")["title"] == "Willkommen bei uns");
    CHECK(language_of("de")["welcome"] == "Willkommen");
    CHECK(language_of("nl-BE")["title"] == "nl title");
    CHECK(print::drawable(language_of("nl")).code == "en");
    CHECK(has(language_of("en")["welcome_text"], "staff"));
    // An added language stays complete, or is refused: also when it was complete before.
    of.write("texts/nl.json", R"({"title":"x"})");
    CHECK(has(of.trouble(), "needs every text"));
    std::string unstaffed = language_of("de")["offline_text_unstaffed"];
    print::set_texts({}, false);
    CHECK(language_of("de")["offline_text"] == unstaffed);
    CHECK(print::find_language("nl") == nullptr);
    for (const print::language& each : print::languages())
        for (const char* key : {"welcome_text", "find_failed", "find_wait", "confirmation",
                 "failed_text", "offline_text", "print_failed"}) {
            INFO(each.code << " " << key);
            CHECK_FALSE(has(each[key], "staff"));
            CHECK_FALSE(each[key].empty());
        }
}

TEST_CASE("a shop's own words stay where nobody is there, and in variants of a language", "[brand]")
{
    own_words_end after;
    print::own_texts own;
    own["de"] = {{"offline_text", "Fragen Sie am Schalter."}};
    for (const char* code : {"de-CH", "zh-HK", "ar-EG", "nl"})
        own[code] = language_of("en").words;
    print::set_texts(own, false);
    CHECK(language_of("de")["offline_text"] == "Fragen Sie am Schalter.");
    CHECK(language_of("zh-HK").code == "zh-HK");
    CHECK(language_of("zh-TW").code == "zh-Hant");
    CHECK(language_of("ar-EG").is_right_to_left);
    CHECK(print::drawable(language_of("de-CH")).code == "de-CH");
    CHECK(print::drawable(language_of("zh-HK")).code == "en");
    CHECK(print::drawable(language_of("nl")).code == "en");
}
