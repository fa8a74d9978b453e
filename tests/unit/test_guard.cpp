#include "agent/kiosk/guard.hpp"

#include "tests/support/catch.hpp"

using namespace agent::kiosk;
using agent::net::http_request;

namespace {

http_request with(const char* name, const std::string& value, const char* host = "kiosk:8080")
{
    http_request out;
    out.headers.emplace_back("Host", host);
    out.headers.emplace_back(name, platform::wiped_string(value));
    return out;
}

const platform::secret token{"s3cret"};

}  // namespace

TEST_CASE("the token is a bearer, or the password of any user", "[guard]")
{
    CHECK(shows_token(with("Authorization", "Bearer s3cret"), token));
    CHECK(shows_token(with("authorization", "bearer s3cret"), token));
    CHECK(shows_token(with("Authorization", "Basic a2lvc2s6czNjcmV0"), token));  // kiosk:s3cret
    CHECK(shows_token(with("Authorization", "Basic OnMzY3JldA=="), token));      // :s3cret
}

TEST_CASE("anything else is no token", "[guard]")
{
    auto value = GENERATE("", "s3cret", "Bearer", "Bearer ", "Bearer s3cret ", "Bearer S3CRET",
        "Basic s3cret", "Basic czNjcmV0", "Basic !", "Digest s3cret");  // czNjcmV0 has no colon
    INFO(value);
    CHECK_FALSE(shows_token(with("Authorization", value), token));
    CHECK_FALSE(shows_token(http_request(), token));
}

TEST_CASE("this device is localhost and the loopback addresses, whatever the port", "[guard]")
{
    for (const char* host : {"localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:8080",
             "127.9.9.9:1", "[::1]", "[::1]:8080"}) {
        INFO(host);
        CHECK(is_for_this_device(with("x", "y", host)));
    }
    for (const char* host : {"", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
             "192.0.2.1", "[::2]:8080", "localhost@evil.example", "::1"}) {
        INFO(host);
        CHECK_FALSE(is_for_this_device(with("x", "y", host)));
    }
}

TEST_CASE("a form is taken from the kiosk's own page alone", "[guard]")
{
    CHECK(is_from_own_page(with("Origin", "http://kiosk:8080"), "http"));
    CHECK(is_from_own_page(with("Sec-Fetch-Site", "same-origin"), "http"));
    CHECK(is_from_own_page(with("x", "y"), "http"));  // no browser
    CHECK_FALSE(is_from_own_page(with("Origin", "https://kiosk:8080"), "http"));
    CHECK_FALSE(is_from_own_page(with("Origin", "http://evil.example"), "http"));
    CHECK_FALSE(is_from_own_page(with("Origin", "null"), "http"));
    CHECK_FALSE(is_from_own_page(with("Sec-Fetch-Site", "cross-site"), "http"));
}
