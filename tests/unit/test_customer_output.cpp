#include "agent/cli/commands/customer_output.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

namespace {

gigastore::esim make_esim(gigastore::esim_state state)
{
    gigastore::esim out;
    out.iccid = iccid::from("89999010000000042007");
    out.state = state;
    out.activation_code = platform::secret("LPA:1$smdp.example$ID");
    return out;
}

bool shows(const gigastore::customer& who, const gigastore::connectivities& seen, const char* words)
{
    return cli::to_text(who, seen, {}).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("of a fleet's eSIMs ten that are in use are asked about", "[customer]")
{
    gigastore::customer who;
    who.related_esims.assign(3'000, make_esim(gigastore::esim_state::installed));
    who.related_esims[0].is_active = false;
    who.related_esims[1].iccid = iccid();
    auto asked = cli::worth_asking(who);
    REQUIRE(asked.size() == 10);
    CHECK(asked.front() == 2);
}

TEST_CASE("an eSIM that nobody could be asked about was not 'never' connected", "[customer]")
{
    gigastore::customer who;
    who.related_esims = {make_esim(gigastore::esim_state::installed)};
    CHECK(shows(who, {}, "Last connected not known"));
    CHECK(shows(who, {gigastore::connectivity()}, "Last connected never"));
}

TEST_CASE("RELEASED is ready to install only with a code, and unless it was replaced", "[customer]")
{
    gigastore::customer who;
    who.related_esims = {make_esim(gigastore::esim_state::released)};
    CHECK(shows(who, {}, "ready to install"));
    who.related_esims[0].activation_code = platform::secret();
    CHECK_FALSE(shows(who, {}, "ready to install"));
    CHECK(shows(who, {}, "without a code"));
    who.related_esims = {make_esim(gigastore::esim_state::released)};
    who.related_esims[0].is_active = false;
    CHECK_FALSE(shows(who, {}, "ready to install"));
}

TEST_CASE("a refunded package has nothing left", "[customer]")
{
    gigastore::activated_item item;
    item.status = "REFUNDED";
    item.balance.available = gigastore::data_size{.value = 3, .unit = "GB"};
    std::string shown = cli::to_text(item, {});
    CHECK(shown.find("refunded") != std::string::npos);
    CHECK(shown.find("0 GB") != std::string::npos);
    CHECK(shown.find("3 GB") == std::string::npos);
}
