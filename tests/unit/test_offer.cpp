#include "agent/sale/offer.hpp"

#include "agent/sale/error.hpp"
#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::sale;

namespace {

gigastore::inventory_item package(std::string id, std::string name, std::string countries)
{
    gigastore::inventory_item out;
    out.id = std::move(id);
    out.name = std::move(name);
    out.country_set = std::move(countries);
    out.retail_price = gigastore::price{.value = 11.5, .currency = "USD"};
    return out;
}

const std::vector<gigastore::inventory_item>& shop()
{
    static const std::vector<gigastore::inventory_item> all{
        package("a-1", "World", "WWW"), package("A-2", "Austria", "AT"), [] {
            auto free = package("a-3", "Gift", "WWW");
            free.retail_price.reset();
            return free;
        }()};
    return all;
}

gigastore::customer owner_of(const char* package_name)
{
    gigastore::customer out;
    out.activated_items.emplace_back();
    out.activated_items.back().balance.name = package_name;
    return out;
}

}  // namespace

TEST_CASE("an offer is found by its id, in any case, and at the price that it has", "[offer]")
{
    CHECK(find_offer(shop(), "a-2", std::nullopt, {}).value().name == "Austria");
    CHECK(find_offer(shop(), "a-1", 11.50, {}).value().name == "World");
    CHECK(find_offer(shop(), "a-3", std::nullopt, {}).value().name == "Gift");
    CHECK(find_offer(shop(), "b-1", std::nullopt, {}).error() == errc::unknown_item);
}

TEST_CASE("an offer at another price than was said is none", "[offer]")
{
    for (double price : {11.49, 0.0, 1150.0}) {
        auto refused = find_offer(shop(), "a-1", price, {});
        REQUIRE_FALSE(refused);
        CHECK(refused.error() == errc::other_price);
        CHECK(refused.error().detail() == "the package costs 11.50 USD");
    }
    CHECK(find_offer(shop(), "a-3", 1, {}).error() == errc::other_price);
}

TEST_CASE("an offer for other countries than the customer's packages is none", "[offer]")
{
    auto traveller = owner_of("World");
    CHECK(find_offer(shop(), "a-1", std::nullopt, traveller));
    CHECK(find_offer(shop(), "a-2", std::nullopt, traveller).error() == errc::other_countries);
    auto unknown = owner_of("gone from the shop");
    CHECK(find_offer(shop(), "a-2", std::nullopt, unknown));
}
