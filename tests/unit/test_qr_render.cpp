#include "qr/bitmap.hpp"
#include "qr/matrix.hpp"
#include "qr/png.hpp"
#include "qr/svg.hpp"
#include "qr/terminal.hpp"
#include "tests/support/decode.hpp"

#include "tests/support/catch.hpp"
#include <tinyxml2.h>

using namespace tests;

namespace {

/// Codes of 20 to 250 characters, as they occur and as they are allowed.
std::string code_of(std::size_t length)
{
    std::string text = "LPA:1$s.example.com$";
    const std::string some = "K7QX9-2F4M1_lower.~Z";
    while (text.size() < length)
        text += some[text.size() * 7 % some.size()];
    return text;
}

}  // namespace

TEST_CASE("every form is read by a scanner as exactly the code", "[qr][render]")
{
    auto length = GENERATE(20u, 33u, 46u, 51u, 80u, 120u, 177u, 250u);
    std::string code = code_of(length);
    auto made = qr::encode(code).value();
    CHECK(scan_bytes(pbm_of(grid_from_utf8(qr::to_utf8(made)), 4), "u.pbm") == code);
    CHECK(scan_bytes(pbm_of(grid_from_ansi(qr::to_ansi(made)), 4), "a.pbm") == code);
    CHECK(scan_bytes(pbm_of(grid_from_ascii(qr::to_ascii(made)), 4), "i.pbm") == code);
    CHECK(scan_bytes(qr::to_pbm(qr::to_bitmap(made, 4)), "x.pbm") == code);
    CHECK(scan_bytes(qr::to_png(made, 4), "x.png") == code);
    CHECK(scan_bytes(qr::to_svg(made, "t", "d"), "x.svg") == code);
}

TEST_CASE("every form has a quiet zone of four modules", "[qr][render]")
{
    auto made = qr::encode(code_of(46)).value();
    CHECK(quiet_zone_of(grid_from_utf8(qr::to_utf8(made))) == 4);
    CHECK(quiet_zone_of(grid_from_ansi(qr::to_ansi(made))) == 4);
    CHECK(quiet_zone_of(grid_from_ascii(qr::to_ascii(made))) == 4);
    CHECK(quiet_zone_of(grid_from_pbm(qr::to_pbm(qr::to_bitmap(made, 3))), 3) == 4);
    CHECK(qr::to_svg(made, "t", "d").find("d=\"M4 4.5m0 0h7") != std::string::npos);
}

TEST_CASE("terminal forms are as wide as they say", "[qr][render]")
{
    auto made = qr::encode(code_of(46)).value();
    auto size = static_cast<std::size_t>(made.full_size());
    CHECK(grid_from_utf8(qr::to_utf8(made)).front().size() == size);
    CHECK(grid_from_utf8(qr::to_utf8(made)).size() == (size + 1) / 2 * 2);
    CHECK(grid_from_ascii(qr::to_ascii(made)).size() == size);
    std::string ascii = qr::to_ascii(made);
    CHECK(ascii.find('\n') == 2 * size);
    CHECK(ascii.find_first_not_of("# \n") == std::string::npos);
}

TEST_CASE("images have whole pixels a module, up to the side that was asked for", "[qr][render]")
{
    auto made = qr::encode(code_of(46)).value();
    int side = made.full_size();
    CHECK(qr::scale_for(made, 10 * side) == 10);
    CHECK(qr::scale_for(made, 10 * side - 1) == 9);
    CHECK(qr::scale_for(made, 1) == 1);
    CHECK(grid_from_pbm(qr::to_pbm(qr::to_bitmap(made, 5))).size()
          == static_cast<std::size_t>(5 * side));
}

TEST_CASE(
    "the SVG is small, of one path, crisp, and has a title for screen readers", "[qr][render]")
{
    auto made = qr::encode(code_of(46)).value();
    std::string svg = qr::to_svg(made, "eSIM <installation> & \"code\"", "d");
    CHECK(svg.size() < 4'000);
    tinyxml2::XMLDocument document;
    REQUIRE(document.Parse(svg.c_str()) == tinyxml2::XML_SUCCESS);
    auto* root = document.RootElement();
    CHECK(std::string(root->FirstChildElement("title")->GetText())
          == "eSIM <installation> & \"code\"");
    CHECK(std::string(root->Attribute("shape-rendering")) == "crispEdges");
    CHECK(std::string(root->Attribute("role")) == "img");
    auto* ground = root->FirstChildElement("path");
    CHECK(std::string(ground->Attribute("fill")) == "#fff");
    CHECK(ground->NextSiblingElement("path")->NextSiblingElement() == nullptr);
    CHECK(qr::to_svg(qr::encode(code_of(60)).value(), "t", "d").size() < 4'000);
}
