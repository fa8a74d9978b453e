#include "agent/cli/output.hpp"

#include "tests/support/catch.hpp"

using namespace agent::cli;

TEST_CASE("text from outside cannot steer the terminal", "[output]")
{
    CHECK(printable("a\033[31mb\r\n\x7f") == "a?[31mb???");
    CHECK(printable("\xc2\x9b"
                    "31m\xc2\xa0ü")
          == "?31m\xc2\xa0ü");
}

TEST_CASE("a cell is as wide as its column, counted in characters", "[output]")
{
    CHECK(cell("ab", 4) == "ab  ");
    CHECK(cell("abcd", 4) == "abcd");
    CHECK(cell("abcde", 4) == "abc~");
    CHECK(cell("äöü", 4) == "äöü ");
    CHECK(cell("äöüßé", 4) == "äöü~");
    CHECK(cell("", 2) == "  ");
}

TEST_CASE("numbers are printed as short as they are", "[output]")
{
    CHECK(decimal(3) == "3");
    CHECK(decimal(3.41) == "3.41");
    CHECK(decimal(0.05) == "0.05");
    CHECK(decimal(3072) == "3072");
    CHECK(decimal(0.0004) == "0");
    CHECK(decimal(100) == "100");
}
