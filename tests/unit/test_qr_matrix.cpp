#include "qr/matrix.hpp"
#include "qr/segments.hpp"

#include "tests/support/catch.hpp"
#include <qrencode.h>

using qr::ecc_level;

namespace {

/// What the library alone comes to: its version, at level M.
int library_size(const std::string& text)
{
    QRcode* made = QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    int width = made->width;
    QRcode_free(made);
    return width;
}

std::string code_of(std::size_t length)
{
    std::string text = "LPA:1$smdp.example.com$";
    while (text.size() < length)
        text += "K7QX9-2F4M1-"[text.size() % 12];
    return text.substr(0, length);
}

int total_bits(const std::string& text, int version)
{
    return qr::bits(qr::split(text, version), version);
}

}  // namespace

TEST_CASE("a code of 46 characters fits 29 modules, as its segments allow", "[qr]")
{
    auto code = qr::encode("LPA:1$smdp.example.com$K7QX9-2F4M1-8ZB3C-44D1X");
    REQUIRE(code);
    CHECK(code->size() == 29);
    CHECK(code->full_size() == 37);
}

TEST_CASE("the symbol is never larger than the library's own choice", "[qr]")
{
    for (std::size_t length = 1; length <= 259; ++length) {
        std::string text = code_of(length);
        auto code = qr::encode(text);
        REQUIRE(code);
        INFO(text);
        CHECK(code->size() <= library_size(text));
    }
}

TEST_CASE("the capacities are the standard's, up to the last byte", "[qr]")
{
    // If one were too large, the library would take a larger symbol than planned.
    auto letter = GENERATE('a', 'A', '7');
    int largest = 0;
    for (std::size_t length = 1; length <= 2'500; length += 7) {
        std::string text(length, letter);
        auto code = qr::encode(text);
        if (!code)
            break;
        CHECK(code->size() >= largest);
        CHECK(code->size() == library_size(text));
        largest = code->size();
    }
    CHECK(largest > 100);
}

TEST_CASE("the error correction is raised while the symbol stays the same", "[qr]")
{
    CHECK(qr::encode("1")->level() == ecc_level::high);
    // Version 1 holds 9 bytes at H, 13 at Q, 16 at M; two of them are mode and length.
    CHECK(qr::encode("abcdefg")->level() == ecc_level::high);
    CHECK(qr::encode("abcdefgh")->level() == ecc_level::quartile);
    CHECK(qr::encode("abcdefghijk")->level() == ecc_level::quartile);
    CHECK(qr::encode("abcdefghijkl")->level() == ecc_level::medium);
    CHECK(qr::encode("abcdefghijklmn")->size() == 21);
    CHECK(qr::encode("abcdefghijklmno")->size() == 25);
}

TEST_CASE("a text is split into the segments that need the fewest bits", "[qr]")
{
    auto modes_of = [](const char* text) {
        std::string out;
        for (const auto& each : qr::split(text, 1))
            out += each.mode == qr::mode::numeric ? 'n' : each.mode == qr::mode::byte ? 'b' : 'a';
        return out;
    };
    CHECK(modes_of("0123456789") == "n");
    CHECK(modes_of("LPA:1$A-B") == "a");
    CHECK(modes_of("lower") == "b");
    CHECK(modes_of("LPA:1$SMDP.EXAMPLE.COMlower") == "ab");
    CHECK(modes_of("a1b") == "b");
    CHECK(modes_of("LPA:1$smdp.example.com$K7QX9-2F4M1-8ZB3C") == "aba");
    CHECK(total_bits("01234567", 1) == 4 + 10 + 27);
    CHECK(total_bits("AC-42", 1) == 4 + 9 + 28);
}

TEST_CASE("nothing and too much make no symbol", "[qr]")
{
    CHECK_FALSE(qr::encode(""));
    CHECK(qr::encode(std::string(2'331, 'a')));
    CHECK_FALSE(qr::encode(std::string(2'332, 'a')));
}

TEST_CASE("outside of the symbol is light", "[qr]")
{
    auto code = qr::encode("x");
    CHECK(code->is_dark(0, 0));
    CHECK_FALSE(code->is_dark(-1, 0));
    CHECK_FALSE(code->is_dark(0, 21));
}
