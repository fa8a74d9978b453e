#include "agent/base/redact.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("secrets in words from outside are redacted", "[redact]")
{
    CHECK(agent::redact("code LPA:1$smdp.example.com$SECRET is used up")
          == "code LPA:1$smdp.example.com$… is used up");
    CHECK(agent::redact("lpa:1$smdp.example.com$SECRET$$1") == "lpa:1$smdp.example.com$…");
    CHECK(agent::redact("\"1$smdp.example.com$SECRET\"") == "\"1$smdp.example.com$…\"");
    CHECK(agent::redact("see https://x/?carddata=LPA:1$h$SECRET&a") == "see https://x/?carddata=…");
    CHECK(agent::redact("https://p/#/esim?token=SECRET or") == "https://p/#/esim?token=… or");
    CHECK(agent::redact("Authorization: Bearer SECRET") == "Authorization: Bearer …");
    CHECK(agent::redact("JWT eyJhbGciOi.SECRET.x here") == "JWT eyJ… here");
    CHECK(agent::redact("basic U0VDUkVU") == "basic …");
    CHECK(agent::redact("GET /x/LPA%3A1%24smdp.example.com%24SECRET?a=b HTTP")
          == "GET /x/LPA%3A1%24smdp.example.com%24… HTTP");
    CHECK(agent::redact("GET /x/1%24h%24SECRET") == "GET /x/1%24h%24…");
    CHECK(agent::redact("nothing here costs 11$") == "nothing here costs 11$");
}
