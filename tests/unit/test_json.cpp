#include "agent/base/json.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

TEST_CASE("members are read as far as they are there and of their kind", "[json]")
{
    json_document parsed{R"({"t":"text","n":1.5,"w":7,"neg":-1,"null":null,"list":[1]})"};
    REQUIRE(parsed.root() != nullptr);
    const auto& root = *parsed.root();
    CHECK(text(root, "t") == "text");
    CHECK(text(root, "n").empty());
    CHECK(number(root, "n") == 1.5);
    CHECK_FALSE(number(root, "t"));
    CHECK(whole_number(root, "w") == 7);
    CHECK_FALSE(whole_number(root, "neg"));
    CHECK(member(root, "null") == nullptr);
    CHECK(member(root, "absent") == nullptr);
    CHECK(member(*member(root, "list"), "t") == nullptr);
}

TEST_CASE("what is not JSON, cut off or too deep has no root", "[json]")
{
    auto text = GENERATE("", "{", "{\"a\":1}x", "nul", "\"\xff\"");
    CHECK(json_document{text}.root() == nullptr);
    CHECK(json_document{std::string(17, '[') + std::string(17, ']')}.root() == nullptr);
    CHECK(json_document{std::string(16, '[') + std::string(16, ']')}.root() != nullptr);
}
