#include "platform/text.hpp"

#include "tests/support/catch.hpp"

using platform::cut, platform::printable;

TEST_CASE("text from outside cannot steer the terminal", "[text]")
{
    CHECK(printable("a\033[31mb\r\n\x7f") == "a?[31mb???");
    CHECK(printable("\xc2\x9b"
                    "31m\xc2\xa0ü")
          == "?31m\xc2\xa0ü");
    CHECK(printable("Grüße, 日本, 😀") == "Grüße, 日本, 😀");
}

TEST_CASE("text from outside neither turns nor hides", "[text]")
{
    CHECK(printable("a\u202eb\u2066c\u200bd\u2028e\ufefff\u061cg\u2060h") == "a?b?c?d?e?f?g?h");
    CHECK(printable("שלום, ﷼ سلام") == "שלום, ﷼ سلام");
    CHECK(platform::printable_lines("a\nb\r\033\n") == "a\nb??\n");
}

TEST_CASE("JSON is escaped so that it is safe to show and says the same", "[text]")
{
    std::string text = "{\"a\":\"x\u202ey\u2028z\xc2\x9b\"}\n";
    CHECK(platform::escaped_json(text) == "{\"a\":\"x\\u202ey\\u2028z\\u009b\"}\n");
    CHECK(platform::escaped_json("{\"a\":\"Grüße\"}") == "{\"a\":\"Grüße\"}");
}

TEST_CASE("what cannot be seen is known by its length; controls and letters are not it", "[text]")
{
    using platform::hidden_length;
    CHECK(hidden_length("\xef\xbb\xbfx") == 3);
    CHECK(hidden_length("\u200bx") == 3);
    CHECK(hidden_length("\xc2\xa0x") == 2);
    CHECK(hidden_length("\u061c") == 2);
    for (const char* other : {"", "x", " ", "\n", "\x7f", "\xc2\x9b", "ü", "\xe2"})
        CHECK(hidden_length(other) == 0);
}

TEST_CASE("text is trimmed of blanks and line ends alone", "[text]")
{
    CHECK(platform::trim(" \t a b\r\n") == "a b");
    CHECK(platform::trim(" \r\n").empty());
    CHECK(platform::trim("").empty());
}

TEST_CASE("what is not UTF-8 is not shown", "[text]")
{
    CHECK(printable("\x9b"
                    "31m\xe9t\xe9")
          == "?31m?t?");
    CHECK(printable("\xc0\x80 \xe0\x80\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xf5")
          == "?? ??? ??? ???? ?");
    CHECK(printable("cut \xe6\x97") == "cut ??");
}

TEST_CASE("letters are ASCII's, whatever stands beside them", "[text]")
{
    CHECK(platform::lower("SMDP.Example@[`{É") == "smdp.example@[`{É");
    CHECK(platform::upper("at@[`{é") == "AT@[`{é");
    CHECK(platform::same_ignoring_case("Retry-After", "retry-after"));
    CHECK_FALSE(platform::same_ignoring_case("a@", "a`"));
    CHECK_FALSE(platform::same_ignoring_case("a", "ab"));
    CHECK(platform::starts_with_ignoring_case("lpa:1$x", "LPA:"));
    CHECK_FALSE(platform::starts_with_ignoring_case("LP", "LPA:"));
}

TEST_CASE("text is cut between characters", "[text]")
{
    CHECK(cut("abc", 5) == "abc");
    CHECK(cut("abc", 2) == "ab");
    CHECK(cut("aü", 2) == "a");
    CHECK(cut("日本", 5) == "日");
    CHECK(cut("日本", 2).empty());
}
