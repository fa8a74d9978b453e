#include "agent/gigastore/parse.hpp"

#include "agent/net/error.hpp"
#include "platform/iso_time.hpp"

#include "tests/support/catch.hpp"

using namespace agent::gigastore;
using agent::net::errc;

namespace {

const std::string full = R"({
  "customer": { "email": "a@example.org", "uid": "C1", "profileUrl": "https://p/x", "countryOfResidence": "AT", "createdBy": "api" },
  "totalAvailableBalance": { "sizeValue": 3.41, "sizeUnit": "GB" },
  "activatedItems": [ { "uid": "I1", "metatag": "m", "status": "PURCHASED",
    "balance": { "activatedAt": "2025-03-02T08:15:04.702110Z", "expiresAt": "2025-04-01T08:15:04Z", "activationMode": "NOW", "name": "3 GB",
      "size": { "sizeValue": 3, "sizeUnit": "GB" }, "availableBalance": { "sizeValue": 0.41, "sizeUnit": "GB" }, "validitySize": 30, "validityUnit": "days" },
    "salesChannel": "Interface", "salesChannelTypeCode": "API", "activationType": "DATA_PLAN", "salesDate": "2025-03-02T08:15:04Z",
    "purchasePrice": { "sortIndex": 3, "priceValue": 5.2, "currencyCode": "USD" }, "retailPrice": { "priceValue": 11, "currencyCode": "EUR" } } ],
  "relatedEsims": [ { "uid": "E1", "iccid": "899990100000000424106", "imsi": "001010000004217", "activationCode": "LPA:1$h$ID",
    "appleUniversalLink": "https://apple", "installationUrl": "https://install", "lastSeen": "2025-03-20T17:40:00Z",
    "activatedAt": "2025-03-02T09:01:12Z", "state": "INSTALLED", "active": false } ],
  "profileDomains": [ {} ] })";

}  // namespace

TEST_CASE("every documented field of a customer is read", "[parse]")
{
    customer who = parse_customer(full).value();
    CHECK(who.uid == "C1");
    CHECK(who.email == "a@example.org");
    CHECK(who.profile_url == "https://p/x");
    CHECK(who.country_of_residence == "AT");
    CHECK(who.total_available_balance->value == 3.41);
    CHECK(who.total_available_balance->unit == "GB");

    const activated_item& item = who.activated_items.at(0);
    CHECK(item.uid == "I1");
    CHECK(item.metatag == "m");
    CHECK(item.status == "PURCHASED");
    CHECK(platform::to_iso(*item.balance.activated_at) == "2025-03-02T08:15:04.702110Z");
    CHECK(platform::to_iso(*item.balance.expires_at) == "2025-04-01T08:15:04.000000Z");
    CHECK(item.balance.activation_mode == "NOW");
    CHECK(item.balance.name == "3 GB");
    CHECK(item.balance.size->value == 3);
    CHECK(item.balance.available->value == 0.41);
    CHECK(item.balance.validity_size == 30);
    CHECK(item.balance.validity_unit == "days");
    CHECK(item.sales_channel == "Interface");
    CHECK(item.sales_channel_type == "API");
    CHECK(item.activation_type == "DATA_PLAN");
    CHECK(platform::to_iso(*item.sold_at) == "2025-03-02T08:15:04.000000Z");
    CHECK(item.purchase_price->value == 5.2);
    CHECK(item.purchase_price->sort_index == 3);
    CHECK(item.retail_price->currency == "EUR");

    const esim& profile = who.related_esims.at(0);
    CHECK(profile.uid == "E1");
    CHECK(profile.iccid.text() == "899990100000000424106");
    CHECK(profile.imsi == "001010000004217");
    CHECK(profile.activation_code.reveal() == "LPA:1$h$ID");
    CHECK(profile.apple_universal_link.reveal() == "https://apple");
    CHECK(profile.installation_url.reveal() == "https://install");
    CHECK(platform::to_iso(*profile.last_seen) == "2025-03-20T17:40:00.000000Z");
    CHECK(platform::to_iso(*profile.activated_at) == "2025-03-02T09:01:12.000000Z");
    CHECK(profile.state == esim_state::installed);
    CHECK_FALSE(profile.is_active);
}

TEST_CASE("what may be absent or null is absent", "[parse]")
{
    auto body = GENERATE(R"({"customer":{"uid":"C1"}})",
        R"({"customer":{"uid":"C1","email":null,"profileUrl":null},"totalAvailableBalance":null,"activatedItems":null,"relatedEsims":null})",
        R"({"customer":{"uid":"C1","email":7},"totalAvailableBalance":{},"activatedItems":[],"relatedEsims":[]})");
    customer who = parse_customer(body).value();
    CHECK_FALSE(who.email);
    CHECK_FALSE(who.total_available_balance);
    CHECK(who.activated_items.empty());
    CHECK(who.related_esims.empty());

    auto bare = parse_customer(
        R"({"customer":{"uid":"C1"},"activatedItems":[{}],"relatedEsims":[{"state":null,"iccid":null}]})")
                    .value();
    CHECK(bare.activated_items.at(0).uid.empty());
    CHECK_FALSE(bare.activated_items.at(0).balance.activated_at);
    CHECK(bare.related_esims.at(0).is_active);
    CHECK(bare.related_esims.at(0).state == esim_state::other);
    CHECK(bare.related_esims.at(0).activation_code.empty());
}

TEST_CASE("a volume or price that nothing has is not known", "[parse]")
{
    std::string absurd = full;
    absurd.replace(absurd.find("3.41"), 4, "1e300");
    absurd.replace(absurd.find("5.2"), 3, "-1e99");
    customer who = parse_customer(absurd).value();
    CHECK_FALSE(who.total_available_balance);
    CHECK_FALSE(who.activated_items.at(0).purchase_price);
    CHECK(who.activated_items.at(0).retail_price);
}

TEST_CASE("an ICCID is text of 18 to 22 digits", "[parse]")
{
    auto iccid_of = [](const std::string& json) {
        return parse_customer(R"({"customer":{"uid":"C"},"relatedEsims":[{"iccid":)" + json + "}]}")
            .value()
            .related_esims.at(0)
            .iccid.text();
    };
    CHECK(iccid_of(R"("899990100000000421")") == "899990100000000421");
    CHECK(iccid_of(R"("8999901000000004210612")") == "8999901000000004210612");
    auto none = GENERATE("\"89999010000000042\"", "\"89999010000000042106123\"",
        "89999010000000042106", "\"8999901000000004210x\"", "{}");
    CHECK(iccid_of(none).empty());
}

TEST_CASE("a list of customers comes in two shapes", "[parse]")
{
    CHECK(parse_customers("[" + full + "]")->size() == 1);
    CHECK(parse_customers(R"({"customers":[)" + full + "," + full + R"(],"totalCount":2})")->size()
          == 2);
    CHECK(parse_customers(R"({"customers":[]})")->empty());
    CHECK(parse_customers("[]")->empty());
    CHECK(parse_customers("{}")->empty());
    CHECK(parse_customers(R"({"totalCount":0})")->empty());
    CHECK(parse_customers(R"({"customers":null,"totalCount":0})")->empty());
    CHECK_FALSE(parse_customers(R"({"unexpected":[1]})"));
    CHECK_FALSE(parse_customers(R"({"customers":"none"})"));
}

TEST_CASE("packages come bare or wrapped", "[parse]")
{
    CHECK(parse_items(R"([{"uid":"I1","customer":{"uid":"C1"}}])")->at(0).customer_uid == "C1");
    CHECK(parse_items(R"({"items":[{"uid":"I1"}]})")->size() == 1);
    CHECK(parse_item(R"({"uid":"I1"})")->uid == "I1");
    auto wrapped = parse_item(R"({"activatedItem":{"uid":"I1"},"customer":{"uid":"C1"}})");
    CHECK(wrapped->uid == "I1");
    CHECK(wrapped->customer_uid == "C1");
    CHECK(parse_item("{}").error() == errc::malformed_answer);
}

TEST_CASE("a token is read with its life, where that is said", "[parse]")
{
    auto token =
        parse_token(R"({"accessToken":"T","expiresIn":86400,"refreshToken":null,"idToken":null})")
            .value();
    CHECK(token.access_token.reveal() == "T");
    CHECK(token.expires_in == 86400);
    CHECK_FALSE(parse_token(R"({"accessToken":"T"})")->expires_in);
    CHECK_FALSE(parse_token(R"({"accessToken":"T","expiresIn":-5})")->expires_in);
    auto bad = GENERATE(
        "", "{}", "[]", R"({"accessToken":null})", R"({"accessToken":""})", R"({"accessToken":7})");
    CHECK(parse_token(bad).error() == errc::malformed_answer);
}

TEST_CASE("connectivity is read as far as it is there", "[parse]")
{
    auto seen =
        parse_connectivity(R"({"iccid":"8","lastSeen":"2025-03-20T17:40:00Z","country":"AT"})")
            .value();
    CHECK(platform::to_iso(*seen.last_seen) == "2025-03-20T17:40:00.000000Z");
    CHECK(seen.country == "AT");
    CHECK(parse_connectivity("{}")->country.empty());
    CHECK_FALSE(parse_connectivity("[]"));
}

TEST_CASE("garbage instead of a customer is malformed", "[parse]")
{
    std::string deep(1000, '[');
    auto body =
        GENERATE_COPY(std::string(), std::string("{"), std::string("null"), std::string("[]"),
            std::string("\"text\""), std::string("{}"), std::string(R"({"customer":null})"),
            std::string(R"({"customer":{}})"), std::string(R"({"customer":{"uid":""}})"),
            std::string(R"({"customer":{"uid":7}})"), std::string(R"({"customer":[]})"),
            std::string(R"({"customer":{"uid":"C"},"relatedEsims":{}})"),
            std::string(R"({"customer":{"uid":"C"},"relatedEsims":[7]})"),
            std::string(R"({"customer":{"uid":"C"},"activatedItems":"x"})"),
            full.substr(0, full.size() / 2), full + "x", deep,
            std::string("{\"customer\":{\"uid\":\"\xff\"}}"), std::string("\0\0", 2));
    INFO(body);
    CHECK(parse_customer(body).error() == errc::malformed_answer);
    CHECK_FALSE(parse_customers("7"));
    CHECK_FALSE(parse_customers("[7]"));
    CHECK_FALSE(parse_customers(R"({"customers":7})"));
}
