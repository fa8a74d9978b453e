#include "agent/lpa/notifications.hpp"

#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::lpa;

namespace {

const iccid first = iccid::from("89999010000000042007");
const iccid second = iccid::from("89999010000000042015");

notification about(const iccid& which, const char* address = "smdp.example")
{
    notification out;
    out.address = address;
    out.iccid = which;
    return out;
}

delivery sent(const iccid& which, std::optional<failure> why_not = {})
{
    delivery out;
    out.about = about(which);
    out.why_not = std::move(why_not);
    return out;
}

}  // namespace

TEST_CASE("a server that cannot be reached is not asked again at once", "[notifications]")
{
    delivery before = sent(first, failure(net::errc::unreachable));
    CHECK(holds_for(before, about(second)));
    CHECK_FALSE(holds_for(before, about(second, "another.example")));
    CHECK_FALSE(holds_for(sent(first), about(first)));
}

TEST_CASE("what a server refuses of one profile does not block another's", "[notifications]")
{
    delivery refused = sent(first, failure(errc::server_problem));
    CHECK(holds_for(refused, about(first)));  // each profile's in their order
    CHECK_FALSE(holds_for(refused, about(second)));
    CHECK_FALSE(holds_for(refused, about(iccid())));
    CHECK_FALSE(holds_for(sent(iccid(), failure(errc::server_problem)), about(iccid())));
}

TEST_CASE("what is refused for good blocks nothing", "[notifications]")
{
    CHECK_FALSE(holds_for(sent(first, failure(errc::code_refused)), about(first)));
}
