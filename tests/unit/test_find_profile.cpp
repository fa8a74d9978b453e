#include "agent/esim/find_profile.hpp"

#include "tests/support/catch.hpp"

using namespace agent;

namespace {

lpa::profile profile(const std::string& number)
{
    lpa::profile out;
    out.iccid = iccid::from(number);
    return out;
}

}  // namespace

TEST_CASE("a profile is found by its ICCID, with or without the check digit", "[find_profile]")
{
    std::vector<lpa::profile> all{profile("89999010000000042007"), profile("89999010000000042015")};
    CHECK(esim::find_profile(all, iccid::from("8999901000000004201")) == &all[1]);
    CHECK(esim::find_profile(all, iccid::from("89999010000000042023")) == nullptr);
    CHECK(esim::iccids_of(all)
          == std::vector<iccid>{
              iccid::from("89999010000000042007"), iccid::from("89999010000000042015")});
}

TEST_CASE("no ICCID names no profile, not even one without", "[find_profile]")
{
    std::vector<lpa::profile> odd{profile("?")};
    CHECK(esim::find_profile(odd, iccid()) == nullptr);
}
