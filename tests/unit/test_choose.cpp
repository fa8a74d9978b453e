#include "agent/gigastore/choose.hpp"

#include "agent/base/iccid.hpp"
#include "tests/support/catch.hpp"

using namespace agent::gigastore;
using agent::iccid;

namespace {

esim made(
    const std::string& iccid, const std::string& state, bool is_active = true, bool has_code = true)
{
    esim out;
    out.uid = "uid-" + iccid;
    out.iccid = agent::iccid::from(iccid);
    out.state_text = state;
    out.state = esim_state_from(state);
    out.is_active = is_active;
    if (has_code)
        out.activation_code = platform::secret("LPA:1$smdp.example.com$SECRET-" + iccid);
    return out;
}

const std::string a = "89999010000000000018";
const std::string b = "89999010000000000026";
const std::string c = "89999010000000000034";

}  // namespace

TEST_CASE("the only eSIM that is ready is chosen", "[choose]")
{
    std::vector<esim> related{
        made(a, "INSTALLED"), made(b, "RELEASED", false), made(c, "released")};
    CHECK((*choose(related, ""))->iccid.text() == c);
}

TEST_CASE(
    "an eSIM without a code, replaced, in ERROR or in an unknown state is never chosen", "[choose]")
{
    std::vector<esim> related{
        made(a, "RELEASED", true, false), made(b, "ERROR"), made(c, "QUARANTINE")};
    auto chosen = choose(related, "");
    CHECK(chosen.error() == choice_errc::none_installable);
    CHECK(chosen.error().detail().find(a + " RELEASED (no activation code)") != std::string::npos);
    CHECK(choose({}, "").error() == choice_errc::none_installable);
}

TEST_CASE(
    "several eSIMs that are ready are an error that lists them without their codes", "[choose]")
{
    auto chosen = choose({made(a, "RELEASED"), made(b, "RELEASED"), made(c, "INSTALLED")}, "");
    REQUIRE(chosen.error() == choice_errc::several);
    CHECK(chosen.error().detail() == a + " RELEASED, " + b + " RELEASED");
    CHECK(chosen.error().message().find("SECRET") == std::string::npos);
}

TEST_CASE("the eSIM that was named is chosen, whatever its state", "[choose]")
{
    std::vector<esim> related{made(a, "RELEASED"), made(b, "INSTALLED"), made(c, "ERROR")};
    CHECK((*choose(related, b))->iccid.text() == b);
    CHECK((*choose(related, "uid-" + b))->iccid.text() == b);
    CHECK((*choose(related, b.substr(0, 19)))->iccid.text() == b);
    CHECK((*choose(related, b + "F"))->iccid.text() == b);
    CHECK(choose(related, c).error() == choice_errc::unusable);
    CHECK(choose(related, "89999010000000000999").error() == choice_errc::none_named);
    CHECK(choose(related, "x").error() == choice_errc::none_named);
}

TEST_CASE("an eSIM that is on this eUICC already is the one that is meant", "[choose]")
{
    std::vector<esim> related{made(a, "RELEASED"), made(b, "INSTALLED")};
    CHECK((*choose(related, "", {iccid::from(b.substr(0, 19))}))->iccid.text() == b);
    CHECK((*choose(related, "", {iccid::from("89999010000000000999")}))->iccid.text() == a);
}
