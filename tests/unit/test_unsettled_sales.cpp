#include "agent/sale/unsettled_sales.hpp"
#include "platform/storage.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary.hpp"

using namespace agent;
using namespace agent::sale;

namespace {

gigastore::purchase top_up()
{
    gigastore::purchase out;
    out.kind = gigastore::purchase_kind::top_up_with_profile;
    out.item_id = "item-1";
    out.customer_uid = "customer-1";
    return out;
}

unsettled_sale of(gigastore::purchase what)
{
    unsettled_sale out;
    out.key = "00112233445566778899AABBCCDDEEFF";
    out.what = std::move(what);
    out.since = gigastore::timestamp(std::chrono::seconds(1'700'000'000));
    out.known_esims = {"e-1", "e-2"};
    return out;
}

}  // namespace

TEST_CASE("an unsettled sale is found again as it was kept, until it is forgotten", "[sale]")
{
    tests::temporary_directory directory;
    unsettled_sales sales{directory.path()};
    CHECK_FALSE(sales.find(top_up()).value());
    sales.keep(of(top_up())).value();
    auto found = unsettled_sales(directory.path()).find(top_up()).value();
    REQUIRE(found);
    CHECK(found->key == "00112233445566778899AABBCCDDEEFF");
    CHECK(found->what.kind == gigastore::purchase_kind::top_up_with_profile);
    CHECK(found->what.customer_uid == "customer-1");
    CHECK(found->since == of(top_up()).since);
    CHECK(found->known_esims == std::vector<std::string>{"e-1", "e-2"});
    CHECK(found->metatag() == "esim-agent-00112233445566778899AABBCCDDEEFF");
    sales.forget(*found).value();
    CHECK_FALSE(sales.find(top_up()).value());
}

TEST_CASE("another package, customer, kind, mode or metatag is another purchase", "[sale]")
{
    auto differs = [](auto change) {
        gigastore::purchase other = top_up();
        change(other);
        return !is_same(top_up(), other);
    };
    using gigastore::purchase;
    CHECK(differs([](purchase& one) { one.item_id = "item-2"; }));
    CHECK(differs([](purchase& one) { one.customer_uid = "customer-2"; }));
    CHECK(differs([](purchase& one) { one.kind = gigastore::purchase_kind::top_up; }));
    CHECK(differs([](purchase& one) { one.activation_mode = "ON_DEMAND"; }));
    CHECK(differs([](purchase& one) { one.email = "a@example.org"; }));
    CHECK(differs([](purchase& one) { one.country = "AT"; }));
    CHECK(differs([](purchase& one) { one.metatag = "till-7/31"; }));
}

TEST_CASE("the same at another price is the same purchase: the price may have changed", "[sale]")
{
    gigastore::purchase dearer = top_up();
    dearer.expected_price = gigastore::price{.value = 99, .currency = "USD"};
    CHECK(is_same(top_up(), dearer));
}

TEST_CASE("a damaged record of a sale hides no other", "[sale]")
{
    tests::temporary_directory directory;
    unsettled_sales sales{directory.path()};
    sales.keep(of(top_up())).value();
    platform::write_file(sales.directory() + "/0.json", "garbage").value();
    CHECK(sales.find(top_up()).value());
    CHECK(sales.all().value().size() == 1);
}
