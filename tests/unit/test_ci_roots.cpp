#include "agent/lpa/ci_roots.hpp"

#include "agent/lpa/certificate.hpp"

#include "tests/support/catch.hpp"

using namespace agent::lpa;
using platform::from_hex, platform::to_hex;

namespace {

std::size_t certificates_in(const std::string& pem)
{
    std::size_t count = 0;
    for (auto at = pem.find("BEGIN CERT"); at != pem.npos; at = pem.find("BEGIN CERT", at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("GSMA's roots are in the program, and those that the card lists are chosen", "[trust]")
{
    CHECK(certificates_in(ci_roots({})) == 2);
    bytes rsp2 = *from_hex("81370F5125D0B1D408D4C3B232E6D25E795BEBFB");
    std::string chosen = ci_roots({rsp2});
    CHECK(certificates_in(chosen) == 1);
    CHECK(to_hex(subject_key_id(chosen)) == to_hex(rsp2));
    CHECK(ci_roots({*from_hex("00")}).empty());
}

TEST_CASE("what is no certificate has no key id and no OID", "[trust]")
{
    CHECK(subject_key_id("nonsense").empty());
    CHECK_FALSE(smdp_oid(*from_hex("3000")));
}
