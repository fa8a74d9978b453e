#include "agent/base/activation_code.hpp"

#include "tests/support/catch.hpp"
#include <sstream>

using agent::activation_code;
using platform::secret;

namespace {

activation_code parsed(const std::string& text)
{
    return activation_code::parse(secret(text)).value();
}

std::string again(const std::string& text)
{
    return std::string(parsed(text).text().reveal());
}

}  // namespace

TEST_CASE("an activation code comes apart into its fields", "[activation_code]")
{
    activation_code code = parsed("LPA:1$smdp.example.com$K7QX9-2F4M1$1.3.6.1.4.1.31746$1");
    CHECK(code.smdp_address() == "smdp.example.com");
    CHECK(code.matching_id().reveal() == "K7QX9-2F4M1");
    CHECK(code.smdp_oid() == "1.3.6.1.4.1.31746");
    CHECK(code.needs_confirmation_code());
}

TEST_CASE("empty fields of an activation code are absent ones", "[activation_code]")
{
    auto text = GENERATE("LPA:1$smdp.example.com$ID", "LPA:1$smdp.example.com$ID$",
        "LPA:1$smdp.example.com$ID$$", "LPA:1$smdp.example.com$ID$$$");
    activation_code code = parsed(text);
    CHECK(code.smdp_oid().empty());
    CHECK_FALSE(code.needs_confirmation_code());
    CHECK(again(text) == text);
}

TEST_CASE("a confirmation code flag stands without an OID", "[activation_code]")
{
    CHECK(parsed("LPA:1$smdp.example.com$ID$$1").needs_confirmation_code());
    CHECK_FALSE(parsed("LPA:1$smdp.example.com$ID$$0").needs_confirmation_code());
}

TEST_CASE("the matching ID may be empty and of any alphabet", "[activation_code]")
{
    CHECK(parsed("LPA:1$smdp.example.com$").matching_id().empty());
    auto id = GENERATE("a_b", "a b", "ÄÖ", "x.y~z%20", "lower-CASE");
    CHECK(parsed("LPA:1$smdp.example.com$" + std::string(id)).matching_id().reveal() == id);
}

TEST_CASE("an activation code is printed in the form that phones read", "[activation_code]")
{
    CHECK(again("lpa:1$SMDP.Example.COM$MixedCase") == "LPA:1$smdp.example.com$MixedCase");
    CHECK(again("1$smdp.example.com$TYPED-BY-HAND") == "LPA:1$smdp.example.com$TYPED-BY-HAND");
    CHECK(again("LPA:1$smdp.example.com:8443$ID") == "LPA:1$smdp.example.com:8443$ID");
    CHECK(
        again("LPA:1$smdp.example.com$ID$1.2.3$1$x$y") == "LPA:1$smdp.example.com$ID$1.2.3$1$x$y");
}

TEST_CASE("an activation code is read as people hand it over", "[activation_code]")
{
    const std::string code = "LPA:1$smdp.example.com$K2-ABC-123";
    auto given = GENERATE_COPY("\xef\xbb\xbf" + code, "\xc2\xa0" + code + "\xe2\x80\x8b\r\n",
        "LPA:1$smdp.example.com\xe2\x80\x8d$K2-\xe2\x81\xa0"
        "ABC-123",
        "QR-Code:" + code, "qr-code: lpa:1$SMDP.example.com$K2-ABC-123\n", " \t" + code + " ",
        "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + code,
        "https://esimsetup.android.com/esim_qrcode_provisioning?carddata="
        "LPA%3A1%24smdp.example.com%24K2-ABC-123&utm=x",
        std::string(parsed(code).apple_link().reveal()),
        std::string(parsed(code).android_link().reveal()));
    CHECK(again(given) == code);
}

TEST_CASE("what stands in the place of an OID and is none is known as such", "[activation_code]")
{
    CHECK(parsed("LPA:1$smdp.example.com$ID$1").has_odd_oid());
    CHECK(parsed("LPA:1$smdp.example.com$ID$abc$1").has_odd_oid());
    CHECK_FALSE(parsed("LPA:1$smdp.example.com$ID$1.3.6.1$1").has_odd_oid());
    CHECK_FALSE(parsed("LPA:1$smdp.example.com$ID$$1").has_odd_oid());
}

TEST_CASE("what is no activation code is refused, without repeating it", "[activation_code]")
{
    auto text = GENERATE("", "LPA:", "LPA:1", "LPA:1$", "LPA:1$smdp.example.com", "LPA:1$$ID",
        "LPA:2$smdp.example.com$SECRET", "1smdp.example.com$SECRET",
        "LPA:1$smdp example.com$SECRET", "LPA:1$smdp_x.com$SECRET",
        "LPA:1$https://smdp.example.com$SECRET", "LPA:1$-smdp.com$SECRET", "LPA:1$a..b$SECRET",
        "LPA:1$smdp.com:$SECRET", "LPA:1$smdp.com:0$SECRET", "LPA:1$smdp.com:65536$SECRET",
        "LPA:1$smdp.com:x$SECRET", "LPA:1$smdp.example.com$SEC\nRET",
        "LPA:1$smdp.example.com$SEC\tRET", "LPA:1$smdp.example.com$SECRET\xff",
        "LPA:1$smdp.example.com$SECRET\xc2\xc2\xa0\xa0",  // a blank around a blank
        "https://example.org/?carddata=LPA:1$smdp.example.com$SECRET",
        "LPA: 1$smdp.example.com$SECRET");
    auto refused = activation_code::parse(secret(text));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("SECRET") == std::string::npos);
    CHECK(refused.error().detail().starts_with("this is no activation code: "));
}

TEST_CASE("an activation code has at most 255 characters", "[activation_code]")
{
    std::string start = "1$smdp.example.com$";
    std::string fits = start + std::string(255 - start.size(), 'A');
    CHECK(activation_code::parse(secret("LPA:" + fits)));
    CHECK_FALSE(activation_code::parse(secret("LPA:" + fits + "A")));
}

TEST_CASE("install links carry the code percent-encoded", "[activation_code]")
{
    activation_code code = parsed("LPA:1$smdp.example.com$A B/C");
    CHECK(code.apple_link().reveal()
          == "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata="
             "LPA%3A1%24smdp.example.com%24A%20B%2FC");
    CHECK(code.android_link().reveal()
          == "https://esimsetup.android.com/esim_qrcode_provisioning?carddata="
             "LPA%3A1%24smdp.example.com%24A%20B%2FC");
}

TEST_CASE("an activation code prints without its matching ID", "[activation_code]")
{
    std::ostringstream out;
    out << parsed("LPA:1$smdp.example.com$SECRET$$1") << " "
        << parsed("1$smdp.example.com$SECRET").matching_id();
    CHECK(out.str() == "LPA:1$smdp.example.com$… [redacted]");
}
