#include "agent/net/router.hpp"

#include "tests/support/catch.hpp"

using namespace agent::net;

namespace {

constexpr endpoint<int> endpoints[] = {
    {"GET", "/", 1},
    {"GET", "/v1/profiles", 2},
    {"POST", "/v1/profiles/*/enable", 3},
    {"DELETE", "/v1/profiles/*", 4},
    {"GET", "/s/*/", 5},
    {"GET", "/s/*/events", 6},
};

route<int> to(std::string_view method, std::string_view path)
{
    return find_route<int>(endpoints, method, path);
}

}  // namespace

TEST_CASE("a request goes to the endpoint whose method and path it has", "[router]")
{
    CHECK(to("GET", "/").to->answer == 1);
    CHECK(to("GET", "/v1/profiles").to->answer == 2);
    CHECK(to("POST", "/v1/profiles/8999/enable").to->answer == 3);
    CHECK(to("POST", "/v1/profiles/8999/enable").parts == std::vector<std::string>{"8999"});
    CHECK(to("DELETE", "/v1/profiles/8999").to->answer == 4);
    CHECK(to("GET", "/s/ID/").to->answer == 5);
    CHECK(to("GET", "/s/ID/events").parts == std::vector<std::string>{"ID"});
}

TEST_CASE("what is nowhere goes nowhere, and another method is told apart", "[router]")
{
    auto path = GENERATE("", "//", "/v1", "/v1/profiles/", "/v1/profiles//enable", "/s/ID", "/s//",
        "/v1/profiles/a/b/enable", "/v1/profiles/8999/enable/", "v1/profiles", "/s/ID/events/x");
    INFO(path);
    CHECK(to("GET", path).to == nullptr);
    CHECK_FALSE(to("GET", path).is_known_path);
    CHECK(to("POST", "/v1/profiles").to == nullptr);
    CHECK(to("POST", "/v1/profiles").is_known_path);
}
