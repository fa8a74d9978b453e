#include "agent/sale/ledger.hpp"

#include "agent/sale/error.hpp"
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

sale_record of(gigastore::purchase what)
{
    sale_record out;
    out.key = "00112233445566778899AABBCCDDEEFF";
    out.what = std::move(what);
    out.since = gigastore::timestamp(std::chrono::seconds(1'700'000'000));
    out.known_esims = {"e-1", "e-2"};
    return out;
}

}  // namespace

TEST_CASE("a sale that is under way is found again as it was kept, until it is forgotten", "[sale]")
{
    tests::temporary_directory directory;
    ledger sales{directory.path()};
    CHECK_FALSE(sales.find(top_up()).value());
    sales.keep(of(top_up())).value();
    auto found = ledger(directory.path()).find(top_up()).value();
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

TEST_CASE(
    "a sale with a metatag of the seller's is known by that, also once it is settled", "[sale]")
{
    tests::temporary_directory directory;
    ledger sales{directory.path()};
    gigastore::purchase numbered = top_up();
    numbered.metatag = "till-7/31";
    sale_record sold = of(numbered);
    sold.item_uid = "item";
    sold.owner_uid = "customer-1";
    sold.esim_uid = "e-3";
    sold.is_by_till = true;
    sales.keep(of(numbered)).value();
    sales.keep(sold).value();
    auto found = sales.find(numbered).value();
    REQUIRE(found);
    CHECK(found->is_sold());
    CHECK(found->item_uid == "item");
    CHECK(found->owner_uid == "customer-1");
    CHECK(found->esim_uid == "e-3");
    CHECK(found->is_by_till);
    CHECK_FALSE(sales.find(top_up()).value());
    numbered.email = "a@example.org";
    CHECK(sales.find(numbered).error() == errc::other_purchase);
}

TEST_CASE(
    "what was sold without a metatag of the seller's is found until somebody was told", "[sale]")
{
    tests::temporary_directory directory;
    ledger sales{directory.path()};
    sale_record sold = of(top_up());
    CHECK(sold.is_untold());
    sold.item_uid = "item";
    CHECK(sold.is_untold());
    sales.keep(sold).value();
    CHECK(sales.find(top_up()).value()->is_sold());
    sales.forget(sold).value();
    CHECK_FALSE(sales.find(top_up()).value());
    sold.what.metatag = "till-7/31";
    CHECK_FALSE(sold.is_untold());
}

TEST_CASE("a year after it was sold a sale is forgotten, and never one that is under way", "[sale]")
{
    tests::temporary_directory directory;
    ledger sales{directory.path()};
    sale_record sold = of(top_up());
    sold.item_uid = "item";
    sales.keep(sold).value();
    sale_record open = of(top_up());
    open.key = "FF112233445566778899AABBCCDDEEFF";
    sales.keep(open).value();
    sales.forget_old(sold.since + std::chrono::days(365)).value();
    CHECK(sales.all().value().size() == 2);
    sales.forget_old(sold.since + std::chrono::days(366)).value();
    auto left = sales.all().value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].key == open.key);
}

TEST_CASE("a record that cannot be read may be a sale under way: nothing is sold past it", "[sale]")
{
    tests::temporary_directory directory;
    ledger sales{directory.path()};
    sales.keep(of(top_up())).value();
    std::string garbage = sales.directory() + "/0.json";
    platform::write_file(garbage, "garbage").value();
    CHECK(sales.find(top_up()).error() == errc::unreadable_record);
    CHECK(sales.all().error().detail().find(garbage) != std::string::npos);
    CHECK(platform::read_file(garbage).value() == "garbage");  // looking changes nothing
}
