#include "agent/cli/output/screen.hpp"

#include "tests/support/catch.hpp"

using agent::cli::screen;

TEST_CASE("a screen sends what has changed, and no more", "[screen]")
{
    screen one;
    std::string first = one.show({"Now   waiting", "Stage fetched", ""}, 80, 24);
    CHECK(first.find("\x1b[2J") != std::string::npos);
    CHECK(first.find("Now   waiting") != std::string::npos);
    CHECK(one.show({"Now   waiting", "Stage fetched", ""}, 80, 24).empty());
    CHECK(one.show({"Now   waiting", "Stage installed", ""}, 80, 24) == "\x1b[2HStage installed");
    // A line that is shorter than before leaves nothing of it.
    CHECK(one.show({"Now   done", "Stage installed", ""}, 80, 24) == "\x1b[1HNow   done\x1b[K");
    CHECK(one.show({"Now   done"}, 80, 24) == "\x1b[2H\x1b[K");
}

TEST_CASE("a screen of another size is drawn anew, and nothing is outside of it", "[screen]")
{
    screen one;
    std::vector<std::string> lines(30, std::string(100, 'x'));
    std::string first = one.show(lines, 80, 24);
    CHECK(first.find(std::string(80, 'x')) == std::string::npos);
    CHECK(first.find(std::string(78, 'x') + "~") != std::string::npos);
    CHECK(first.find("\x1b[24H") == std::string::npos);  // the last row would scroll
    std::string smaller = one.show(lines, 40, 10);
    CHECK(smaller.find("\x1b[2J") != std::string::npos);
    CHECK(smaller.find("\x1b[10H") == std::string::npos);
    // A terminal that does not know its height has 24 rows.
    CHECK(screen().show(lines, 80, 0).find("\x1b[23H") != std::string::npos);
}

TEST_CASE("what a server says steers no terminal", "[screen]")
{
    screen one;
    CHECK(one.show({"evil \x1b[2J"}, 80, 24).find("evil ?[2J") != std::string::npos);
    CHECK(one.end() == "\x1b[2H\x1b[J\x1b[?25h");
}
