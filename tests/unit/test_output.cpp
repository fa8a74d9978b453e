#include "agent/cli/output/output.hpp"

#include "tests/support/catch.hpp"

using namespace agent::cli;

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

TEST_CASE("JSON numbers are written without an exponent, and text is left alone", "[output]")
{
    // Not boost::json::parse(): its stack is not aligned for numbers where that counts (MIPS).
    auto again = [](const char* text) {
        return agent::json_text(*agent::json_document(text).root());
    };
    CHECK(again("[3.41,0,0.5,-12.25,3072,1024.5]") == "[3.41,0,0.5,-12.25,3072,1024.5]");
    CHECK(again(R"({"a":0.0})") == R"({"a":0})");
    CHECK(again(R"({"1E5":"2E6 \" 3E7","b":1.5})") == R"({"1E5":"2E6 \" 3E7","b":1.5})");
}
