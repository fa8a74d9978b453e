#include "agent/lpa/download_checks.hpp"

#include "agent/lpa/error.hpp"
#include "tests/sandbox/rsp/test_pki.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::lpa;
using platform::from_hex, platform::view_of;

namespace {

const bytes challenge(16, 7);
const bytes key = *from_hex("AABB");

activation_code code(const std::string& rest = "")
{
    return activation_code::parse(platform::secret("LPA:1$smdp.example$ID" + rest)).value();
}

authentication_offer offer(const std::string& address = "smdp.example")
{
    static const sandbox::rsp::test_pki issuer{"P-256"};
    authentication_offer out;
    out.transaction_id = "0102";
    out.server.signed1 = make_tlv(0x30, {*from_hex("80020102"), make_tlv(0x81, challenge),
                                            make_tlv(0x83, view_of(address)), *from_hex("840100")});
    out.server.ci_key = make_tlv(0x04, key);
    out.server.certificate = issuer.auth().der();
    return out;
}

euicc_info card()
{
    euicc_info out;
    out.signing_keys = {key};
    return out;
}

error_code why(const result<void>& checked)
{
    return checked ? error_code() : checked.error().code();
}

}  // namespace

TEST_CASE("an SM-DP+ that signed what it must is trusted by the LPA", "[download]")
{
    CHECK(check_server(offer(), challenge, code(), card()));
    CHECK(check_server(offer("SMDP.example"), challenge, code(), card()));
    CHECK(check_server(offer(), challenge, code("$2.999.10"), card()));
    CHECK(check_server(offer(), challenge, code(), {}));  // a card that lists no issuers
}

TEST_CASE("an SM-DP+ that signed something else is not", "[download]")
{
    authentication_offer other = offer();
    other.transaction_id = GENERATE("0103", "", "xyz");
    CHECK(why(check_server(other, challenge, code(), card())) == errc::smdp_not_trusted);
    CHECK(why(check_server(offer(), bytes(16, 8), code(), card())) == errc::smdp_not_trusted);
    CHECK(
        why(check_server(offer("elsewhere"), challenge, code(), card())) == errc::smdp_not_trusted);
    CHECK(
        why(check_server(offer(), challenge, code("$2.999.11"), card())) == errc::smdp_not_trusted);
    other = offer();
    other.server.ci_key = make_tlv(0x04, *from_hex("AABC"));
    CHECK(why(check_server(other, challenge, code(), card())) == errc::card_not_trusted);
    other = offer();
    other.server.certificate = *from_hex("3000");
    CHECK(why(check_server(other, challenge, code(), card())) == errc::malformed_es9);
}

TEST_CASE("a package must hold the profile that was agreed to, with its rules", "[download]")
{
    const bytes iccid = *from_hex("5A0A98001032547698103214");
    auto package = [&](const std::string& rest) {
        bytes metadata = make_tlv(0xbf25, {iccid, *from_hex(rest)});
        platform::append(metadata, bytes(8, 0xcc));  // its MAC
        return make_tlv(0xbf36, make_tlv(0xa1, make_tlv(0x88, metadata)));
    };
    profile_metadata agreed;
    agreed.iccid = agent::iccid::from("89000123456789012341");
    agreed.name = "N";
    CHECK(check_package(package("92014E"), agreed));
    CHECK(why(check_package(package("92014D"), agreed)) == errc::metadata_mismatch);
    CHECK(why(check_package(package("92014E99020640"), agreed)) == errc::metadata_mismatch);
    CHECK(why(check_package(*from_hex("BF3600"), agreed)) == errc::metadata_mismatch);
}
