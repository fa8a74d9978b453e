#include "agent/esim/fetch_order.hpp"

#include "agent/esim/error.hpp"
#include "agent/gigastore/choose.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

namespace {

const iccid first = iccid::from("89999010000000042007");
const iccid second = iccid::from("89999010000000042015");

gigastore::esim make_esim(const iccid& which, const std::string& state, const std::string& code)
{
    gigastore::esim out;
    out.uid = "uid-" + which.text();
    out.iccid = which;
    out.imsi = "001010000004200";
    out.state_text = state;
    out.state = gigastore::esim_state_from(state);
    out.activation_code = platform::secret(code);
    return out;
}

gigastore::customer customer_with(std::vector<gigastore::esim> some)
{
    gigastore::customer out;
    out.uid = "C1";
    out.related_esims = std::move(some);
    return out;
}

}  // namespace

TEST_CASE("an order is the chosen eSIM with its parsed code, and whose it is", "[fetch_order]")
{
    auto who = customer_with({make_esim(first, "INSTALLED", "LPA:1$smdp.example$OLD"),
        make_esim(second, "RELEASED", "LPA:1$SMDP.example$NEW")});
    auto order = esim::choose_order(who, "");
    REQUIRE(order);
    CHECK(order->iccid == second);
    CHECK(order->esim_uid == "uid-89999010000000042015");
    CHECK(order->customer_uid == "C1");
    CHECK(order->imsi == "001010000004200");
    CHECK(order->state_text == "RELEASED");
    CHECK(order->is_installable);
    CHECK(order->code->smdp_address() == "smdp.example");
    auto named = esim::choose_order(who, first.text());
    CHECK(named->code->matching_id().reveal() == "OLD");
    CHECK_FALSE(named->is_installable);
}

TEST_CASE("a choice that fails is told as it is", "[fetch_order]")
{
    CHECK(esim::choose_order(customer_with({}), "").error()
          == gigastore::choice_errc::none_installable);
    CHECK(esim::choose_order(customer_with({}), "x").error() == gigastore::choice_errc::none_named);
}

TEST_CASE(
    "a code that is none is an error, but not for an eSIM that is on this card", "[fetch_order]")
{
    auto who = customer_with({make_esim(first, "RELEASED", "not a code")});
    auto order = esim::choose_order(who, "");
    CHECK(order.error() == esim::errc::code_unreadable);
    CHECK(order.error().message().find("not a code") == std::string::npos);
    auto there = esim::choose_order(who, "", {first});
    REQUIRE(there);
    CHECK(there->iccid == first);
    CHECK(there->imsi == "001010000004200");
    CHECK_FALSE(there->code);
}
