#include "agent/gigastore/parse.hpp"
#include "agent/gigastore/purchase.hpp"
#include "agent/net/error.hpp"
#include "tests/support/catch.hpp"

#include <boost/json/serialize.hpp>

using namespace agent::gigastore;

namespace {

const char* const answer = R"({ "status": "success",
  "activatedItem": { "uid": "9a3d", "metatag": "till-7/31", "balance": { "name": "eSIM Austria 1 GB" } },
  "customer": { "email": null, "uid": "0f6e" },
  "esimProfile": { "uid": "e51a", "iccid": "8999901000000004254", "state": "RELEASED",
    "activationCode": "LPA:1$smdp.example.com$DDDD-0004-0000" } })";

purchase some_purchase()
{
    purchase out;
    out.item_id = "11111111-0000-4000-8000-000000000003";
    out.email = "anna@example.org";
    out.country = "AT";
    out.activation_mode = "FIRST_USE";
    out.metatag = "till-7/31";
    out.expected_price = price{.value = 4.5, .currency = "USD", .sort_index = 1};
    return out;
}

inventory_item for_sale(std::string name, std::string countries)
{
    inventory_item out;
    out.name = std::move(name);
    out.country_set = std::move(countries);
    return out;
}

customer with_packages(std::initializer_list<const char*> names)
{
    customer out;
    for (const char* name : names) {
        out.activated_items.emplace_back();
        out.activated_items.back().balance.name = name;
    }
    return out;
}

}  // namespace

TEST_CASE("a purchase is requested in the API's own words, without what is not known", "[purchase]")
{
    auto body = to_json(some_purchase());
    CHECK(body.at("inventoryItemId").as_string() == "11111111-0000-4000-8000-000000000003");
    CHECK(body.at("customerEmail").as_string() == "anna@example.org");
    CHECK(body.at("userCountry").as_string() == "AT");
    CHECK(body.at("activationMode").as_string() == "FIRST_USE");
    CHECK(body.at("metatag").as_string() == "till-7/31");
    CHECK(body.at("expectedPrice").at("priceValue").as_double() == 4.5);
    CHECK(body.at("expectedPrice").at("currencyCode").as_string() == "USD");
    CHECK(body.at("expectedPrice").at("sortIndex").as_int64() == 1);
    CHECK_FALSE(body.contains("customerUid"));
    purchase bare;
    bare.item_id = "x";
    CHECK(to_json(bare).size() == 1);
}

TEST_CASE("a purchase that was written is read back as it was", "[purchase]")
{
    purchase before = some_purchase();
    purchase after = purchase_from(before.kind, to_json(before));
    CHECK(boost::json::serialize(to_json(after)) == boost::json::serialize(to_json(before)));
    for (auto kind :
        {purchase_kind::first_package, purchase_kind::top_up, purchase_kind::top_up_with_profile})
        CHECK(purchase_kind_from(name_of(kind)) == kind);
    CHECK_FALSE(purchase_kind_from("refund"));
}

TEST_CASE("parse_sale takes what was sold, to whom, and the eSIM that came with it", "[purchase]")
{
    sale sold = parse_sale(answer).value();
    CHECK(sold.item.uid == "9a3d");
    CHECK(sold.item.customer_uid == "0f6e");
    CHECK_FALSE(sold.email);
    REQUIRE(sold.profile);
    CHECK(sold.profile->uid == "e51a");
    CHECK(sold.profile->has_code);
    std::string topped = answer;
    topped.replace(topped.find("{ \"uid\": \"e51a\""), std::string::npos, "null }");
    CHECK_FALSE(parse_sale(topped).value().profile);
}

TEST_CASE("parse_sale believes in no sale that the answer does not tell of", "[purchase]")
{
    std::string failed = answer;
    failed.replace(failed.find("success"), 7, "failure");
    for (const std::string& body : {failed, std::string("{}"), std::string(answer).substr(0, 90),
             std::string(R"({"status":"success","activatedItem":{},"customer":{"uid":"0f6e"}})"),
             std::string(R"({"status":"success","activatedItem":{"uid":"9a3d"},"customer":{}})")})
        CHECK(parse_sale(body).error() == agent::net::errc::malformed_answer);
}

TEST_CASE("parse_inventory takes the price that is first by its index", "[purchase]")
{
    auto all = parse_inventory(R"({"items":[{"id":"a","name":"eSIM Austria 1 GB","sizeValue":1,
        "sizeUnit":"GB","validitySize":7,"validityUnit":"days","countrySet":"AT",
        "prices":[{"sortIndex":2,"priceValue":9,"currencyCode":"EUR"},
                  {"sortIndex":1,"priceValue":2.1,"currencyCode":"USD"}],"retailPrices":[]}]})")
                   .value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].purchase_price->value == 2.1);
    CHECK_FALSE(all[0].retail_price);
    CHECK(all[0].size.unit == "GB");
    CHECK(all[0].validity_size == 7);
    CHECK(parse_inventory("{}").error() == agent::net::errc::malformed_answer);
}

TEST_CASE("a customer's country set is known if all their packages tell the same", "[purchase]")
{
    std::vector<inventory_item> all{for_sale("World", "WWW"), for_sale("Austria", "AT"),
        for_sale("Alps", "AT"), for_sale("Alps", "EU")};
    CHECK(country_set_of(with_packages({"World"}), all) == "WWW");
    CHECK(country_set_of(with_packages({"World", "gone from the shop"}), all) == "WWW");
    CHECK(country_set_of(with_packages({"World", "Austria"}), all).empty());
    CHECK(country_set_of(with_packages({"Alps"}), all).empty());
    CHECK(country_set_of(with_packages({}), all).empty());
}
