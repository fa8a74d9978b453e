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

TEST_CASE("another issuer's root counts for a card that lists it, and for no other", "[trust]")
{
    std::string key_id = GENERATE("16704B7F351E3607F18C4B70005C3A003DFD414A",
        "CD6E60B72D7A063CBC84625B91E80FE30406E13E", "B60F0B897FD630B88CFED6161F8EA808C5382AC3",
        "CDF6D1C0A7B07F98A861B6E378B82F648D99663E", "16B5D16048E3EA02BD4B606E5F77A4BF20808D83");
    bytes listed = *from_hex(key_id);
    bytes gsma = *from_hex("81370F5125D0B1D408D4C3B232E6D25E795BEBFB");
    std::string chosen = ci_roots({listed});
    CHECK(certificates_in(chosen) == 1);
    CHECK(to_hex(subject_key_id(chosen)) == key_id);
    CHECK(certificates_in(ci_roots({gsma, listed})) == 2);
    CHECK(ci_roots({gsma}).find(chosen) == std::string::npos);
    CHECK(ci_roots({}).find(chosen) == std::string::npos);
    REQUIRE(find_issuer(listed) != nullptr);
    CHECK_FALSE(find_issuer(listed)->is_test);
}

TEST_CASE("issuers are named by key id, also without a root, and test issuers as such", "[trust]")
{
    const ci_issuer* known = find_issuer(*from_hex("148030FC246C02FF222106125A8D6BDA990AFBE9"));
    REQUIRE(known != nullptr);
    CHECK(std::string(known->name) == "Taier");
    CHECK(find_issuer(*from_hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3"))->is_test);
    CHECK(find_issuer(*from_hex("00")) == nullptr);
}

TEST_CASE("what is no certificate has no key id and no OID", "[trust]")
{
    CHECK(subject_key_id("nonsense").empty());
    CHECK_FALSE(smdp_oid(*from_hex("3000")));
}
