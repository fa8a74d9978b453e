#include "platform/framebuffer.hpp"
#include "platform/storage.hpp"
#include "qr/escpos.hpp"
#include "qr/font.hpp"
#include "qr/screen.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <fstream>
#include <iterator>

using namespace tests;

namespace {

const std::string code = "LPA:1$smdp.example.com$K7QX9-2F4M1";

/// What a receipt printer puts on paper: the raster of all bands; checks what is around them.
std::string printed(const std::string& bytes, int width)
{
    auto octet = [&bytes](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(at)));
    };
    REQUIRE(bytes.starts_with("\x1b@"));
    std::size_t at = 2;
    std::string rows;
    std::size_t count = 0;
    while (bytes.substr(at, 4) == std::string("\x1dv0\0", 4)) {
        std::size_t across = octet(at + 4) + 256 * octet(at + 5);
        std::size_t down = octet(at + 6) + 256 * octet(at + 7);
        REQUIRE(across * 8 == static_cast<std::size_t>(width));
        CHECK(down <= 256);
        rows += bytes.substr(at + 8, across * down);
        at += 8 + across * down;
        count += down;
    }
    // Feeds the paper past the blade, and cuts it.
    CHECK(bytes.substr(at)
          == std::string("\x1b"
                         "d\x04\x1dV\x42\0",
              7));
    return "P4\n" + std::to_string(width) + " " + std::to_string(count) + "\n" + rows;
}

/// What is to be seen on a framebuffer's file.
std::string seen(const std::string& memory, const platform::framebuffer_mode& mode)
{
    qr::bitmap out{mode.width, mode.height};
    for (int y = 0; y < mode.height; ++y)
        for (int x = 0; x < mode.width; ++x) {
            auto at = static_cast<std::size_t>(y * mode.stride + x * mode.bits / 8);
            if (memory.at(at) == 0)
                out.fill(x, y, 1, 1);
        }
    return qr::to_pbm(out);
}

bool is_blank(const qr::bitmap& picture)
{
    return picture.packed_rows().find_first_not_of('\0') == std::string::npos;
}

}  // namespace

TEST_CASE("a receipt of 58 or 80 mm is read by a scanner as exactly the code", "[qr][paper]")
{
    for (int paper : {58, 80}) {
        int width = qr::dots_across(paper);
        auto picture = qr::to_receipt("Your eSIM", qr::encode(code).value(),
            {"Scan this code with your phone.", "eSIM number ends in 2007"}, width);
        CHECK(scan_bytes(printed(qr::to_escpos(picture), width), "r.pbm") == code);
    }
}

TEST_CASE("a framebuffer of any depth, stride and rotation shows the code", "[qr][screen]")
{
    temporary_directory files;
    std::string path = files.path() + "/fb";
    for (const char* text : {"800x480x16", "800x480x16:1664", "480x800x24", "1024x600x32:4352",
             "320x240x16", "240x320x32"}) {
        auto screen = platform::framebuffer::open(path, text).value();
        const platform::framebuffer_mode& mode = screen.mode();
        for (int quarters = 0; quarters < 4; ++quarters) {
            bool is_upright = quarters % 2 == 0;
            qr::screen_content what;
            what.title = "Airport eSIM";
            what.code = qr::encode(code);
            what.state = "Scan this code with your phone";
            auto picture = qr::to_screen(
                what, is_upright ? mode.width : mode.height, is_upright ? mode.height : mode.width)
                               .turned(quarters);
            REQUIRE(screen.draw([&](int x, int y) { return picture.is_black(x, y); }));
            std::ifstream file{path, std::ios::binary};
            std::string memory{std::istreambuf_iterator<char>(file), {}};
            CHECK(memory.size() == static_cast<std::size_t>(mode.stride * mode.height));
            INFO(text << " turned " << quarters);
            CHECK(scan_bytes(seen(memory, mode), "f.pbm") == code);
        }
        CHECK(platform::remove_file(path));
    }
}

TEST_CASE("a mode that is none is refused", "[screen]")
{
    for (const char* text : {"x", "800x480", "800x480x8", "0x480x16", "800x480x16:100",
             "800x480x16:", "99999x480x16", "800x480x16x"})
        CHECK_FALSE(platform::parse_framebuffer_mode(text));
    CHECK(platform::parse_framebuffer_mode("800x480x24")->stride == 2400);
    temporary_directory files;
    std::string plain = files.write("plain", "");
    CHECK(platform::framebuffer::open(plain, "").error().detail().find("no framebuffer")
          != std::string::npos);
    CHECK_FALSE(platform::framebuffer::open(files.path() + "/none", ""));
}

TEST_CASE("a screen without a code shows words, within its edges", "[qr][screen]")
{
    qr::screen_content what;
    what.title = "Airport eSIM";
    what.state = "Your eSIM is installed";
    what.more = {"Switch the new line on in the phone's settings."};
    for (auto [width, height] : {std::pair{800, 480}, std::pair{320, 240}, std::pair{128, 64}}) {
        auto picture = qr::to_screen(what, width, height);
        CHECK_FALSE(is_blank(picture));
        bool touches = false;
        for (int y = 0; y < height; ++y)
            touches = touches || picture.is_black(0, y) || picture.is_black(width - 1, y);
        CHECK_FALSE(touches);
    }
}

TEST_CASE("text is broken at blanks, and between ideographs", "[qr][font]")
{
    CHECK(qr::wrap("one two three", 8 * 7) == std::vector<std::string>{"one two", "three"});
    CHECK(qr::wrap("onetwothree", 8 * 4) == std::vector<std::string>{"onet", "woth", "ree"});
    CHECK(qr::wrap("安装您的", 16 * 3) == std::vector<std::string>{"安装您", "的"});
    CHECK(qr::wrap("", 100) == std::vector<std::string>{""});
    CHECK(qr::text_width("ab安") == 8 + 8 + 16);
}

TEST_CASE(
    "Arabic letters join and run from right to left, what is Latin in them does not", "[qr][font]")
{
    // "سلام": seen (initial), lam with alef (final), meem (isolated).
    CHECK(qr::in_visual_order("سلام") == std::vector<char32_t>{0xFEE1, 0xFEFC, 0xFEB3});
    // "بـ eSIM": Latin keeps its order.
    CHECK(qr::in_visual_order("ب eSIM") == std::vector<char32_t>{'e', 'S', 'I', 'M', ' ', 0xFE8F});
    // Vowel signs and direction marks have no place of their own.
    CHECK(qr::in_visual_order("بَ\u2066") == std::vector<char32_t>{0xFE8F});
    CHECK(qr::in_visual_order("ab") == std::vector<char32_t>{'a', 'b'});
}

TEST_CASE("Hebrew and Persian run from right to left in glyphs that are there", "[qr][font]")
{
    CHECK(qr::in_visual_order("אב 12") == std::vector<char32_t>{'1', '2', ' ', 0x5D1, 0x5D0});
    // Peh and gaf are Persian's: they join as Arabic's letters do.
    CHECK(qr::in_visual_order("پگ") == std::vector<char32_t>{0xFB93, 0xFB58});
    for (char32_t letter : qr::in_visual_order("שלום پژگیک ۱۲"))
        CHECK(qr::glyph_of(letter).code == letter);
}

TEST_CASE("a character that is not built in is shown as one that is missing", "[qr][font]")
{
    CHECK(qr::glyph_of(U'A').code == U'A');
    CHECK(qr::glyph_of(0x1F600).code == 0xFFFD);
    CHECK(qr::in_visual_order("\xff") == std::vector<char32_t>{0xFFFD});
}
