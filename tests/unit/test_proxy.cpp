#include "agent/net/proxy.hpp"

#include "tests/support/catch.hpp"

using namespace agent::net;

TEST_CASE("a proxy is an http URL, with or without credentials", "[proxy]")
{
    CHECK(parse_proxy("http://proxy.lan:3128").value().where == origin{"proxy.lan", 3128});
    CHECK(parse_proxy("proxy.lan:3128").value().where == origin{"proxy.lan", 3128});
    CHECK(parse_proxy("http://proxy.lan").value().authorization.empty());
    CHECK(parse_proxy("http://Aladdin:open%20sesame@proxy").value().authorization.reveal()
          == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK_FALSE(parse_proxy("https://proxy.lan"));
    CHECK_FALSE(parse_proxy("socks5://proxy.lan"));
}

TEST_CASE("no_proxy names hosts and the domains above them", "[proxy]")
{
    proxy_settings settings{
        .through = {}, .except = parse_no_proxy(" localhost, .LAN,,example.org ")};
    CHECK(settings.except == std::vector<std::string>{"localhost", "lan", "example.org"});
    CHECK(is_exempt(settings, "localhost"));
    CHECK(is_exempt(settings, "router.lan"));
    CHECK(is_exempt(settings, "a.b.example.org"));
    CHECK_FALSE(is_exempt(settings, "notexample.org"));
    CHECK_FALSE(is_exempt(settings, "example.org.evil"));
    CHECK(is_exempt({.through = {}, .except = {"*"}}, "anything"));
}
