#include "agent/net/url.hpp"

#include "tests/support/catch.hpp"

using agent::net::origin, agent::net::parse_url;

TEST_CASE("a URL comes apart into scheme, host, port and path", "[url]")
{
    auto plain = parse_url("https://api.giga.store").value();
    CHECK(plain.scheme == "https");
    CHECK(plain.where == origin{"api.giga.store", 443});
    CHECK(plain.path.empty());

    auto prefixed = parse_url("HTTPS://GW.example:8443/esim/v1//").value();
    CHECK(prefixed.where == origin{"gw.example", 8443});
    CHECK(prefixed.path == "/esim/v1//");

    auto v6 = parse_url("https://[2001:DB8::1]:444/x").value();
    CHECK(v6.where == origin{"2001:db8::1", 444});
    CHECK(to_string(v6.where) == "[2001:db8::1]:444");

    auto proxy = parse_url("http://user:p%40ss@proxy").value();
    CHECK(proxy.userinfo == "user:p%40ss");
    CHECK(proxy.where == origin{"proxy", 80});
}

TEST_CASE("a URL's path and query are kept as they stand", "[url]")
{
    auto hook = parse_url("https://fleet.example/hook/?sig=a%2Fb&v=1").value();
    CHECK(hook.path == "/hook/");
    CHECK(hook.query == "?sig=a%2Fb&v=1");
    auto bare = parse_url("https://fleet.example?sig=a").value();
    CHECK(bare.where == origin{"fleet.example", 443});
    CHECK(bare.path.empty());
    CHECK(bare.query == "?sig=a");
}

TEST_CASE("a port that is not named is the scheme's", "[url]")
{
    CHECK(parse_url("mqtts://broker").value().where.port == 8883);
    CHECK(parse_url("mqtt://broker").value().where.port == 1883);
    CHECK(parse_url("MQTTS://broker:443").value().where.port == 443);
    CHECK(parse_url("http://proxy").value().where.port == 80);
    CHECK(parse_url("https://host").value().where.port == 443);
}

TEST_CASE("what is no URL is refused, without the password in it", "[url]")
{
    auto text = GENERATE("", "api.giga.store", "://x", "https://", "https://:443", "https://host:0",
        "https://host:65536", "https://host:4a", "https://host:", "https://[::1", "https://[]",
        "https://[::1]8443", "https://[::1%1]", "https://[fe80::1%25eth0]:443", "https://a b",
        "https://a\n", "https://host/#f", "https://me:SECRET@host:x", "https://host:x/SECRET",
        "https://host/x?sig=SECRET#f", "https://host:x?sig=SECRET", "https://host/h\xc3\xa4ngt");
    auto refused = parse_url(text);
    INFO(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("SECRET") == std::string::npos);
}
