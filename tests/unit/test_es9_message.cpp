#include "agent/lpa/es9_message.hpp"

#include "agent/lpa/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent::lpa;
using platform::to_hex;

namespace {

const std::string success = R"("header":{"functionExecutionStatus":{"status":"Executed-Success"}})";

std::string failed(const std::string& data)
{
    return R"({"header":{"functionExecutionStatus":{"status":"Failed")" + data + "}}}";
}

}  // namespace

TEST_CASE("an answer that was executed is read, also with a warning", "[es9]")
{
    std::string status = GENERATE("Executed-Success", "Executed-WithWarning");
    CHECK(read_status(R"({"header":{"functionExecutionStatus":{"status":")" + status + "\"}}}"));
}

TEST_CASE("a refusal keeps its codes and its words", "[es9]")
{
    auto why = read_status(failed(R"j(,"statusCodeData":{"subjectCode":"8.2.7","reasonCode":"3.8",
        "subjectIdentifier":"x","message":"no"})j"));
    CHECK(why.error() == errc::confirmation_wrong);
    CHECK(why.error().detail()
          == "the confirmation code is wrong (subject 8.2.7, reason 3.8): \"no\"");
    CHECK(read_status(failed("")).error() == errc::malformed_es9);
    CHECK(read_status(R"({"header":{"functionExecutionStatus":{"status":"Expired","statusCodeData":
        {"subjectCode":"8.8.5","reasonCode":"4.10"}}}})")
              .error()
          == errc::code_refused);
}

TEST_CASE("a refusal is found whatever carries it, and nothing else is taken for one", "[es9]")
{
    auto why =
        refusal_in(failed(R"j(,"statusCodeData":{"subjectCode":"8.2.6","reasonCode":"3.8"})j"));
    REQUIRE(why);
    CHECK(why->cause()->subject == "8.2.6");
    CHECK(why->cause()->reason == "3.8");
    CHECK(refusal_in(failed("")));
    CHECK(refusal_in(R"({"header":{"functionExecutionStatus":{"status":"Expired"}}})"));
    CHECK_FALSE(refusal_in("{" + success + "}"));
    for (const char* other : {"", "OK", "<html>", "{}", R"({"status":"ok"})", R"({"header":{}})"})
        CHECK_FALSE(refusal_in(other));
}

TEST_CASE("metadata that are ill-coded in what is only shown are passed on", "[es9]")
{
    // BF25 with an ICCID of ten octets, and a constructed object that is no row of TLVs.
    std::string metadata = "vyUQWgqYmQEAAABAAiVBtwL/AQ==";
    std::string good =
        "{" + success + R"(,"profileMetadata":")" + metadata
        + R"(","smdpSigned2":"MAA=","smdpSignature2":"XzcA","smdpCertificate":"MAA="})";
    CHECK(read_profile_offer(good));
}

TEST_CASE("what is no ES9+ answer is refused", "[es9]")
{
    std::string wrong = GENERATE("", "{", "[]", "null", "<html>", "{}", R"({"header":1})",
        R"({"header":{}})", R"({"header":{"functionExecutionStatus":{"status":7}}})");
    CHECK(read_status(wrong).error() == errc::malformed_es9);
}

TEST_CASE("the offer of a session is read, its objects in strict base64", "[es9]")
{
    // 3000; 5F3700 with its signature empty; 0401AA; 3000
    std::string good =
        "{" + success + R"(,"transactionId":"0102","serverSigned1":"MAA=","serverSignature1":
        "XzcA","euiccCiPKIdToBeUsed":"BAGq","serverCertificate":"MAA="})";
    auto read = read_authentication_offer(good).value();
    CHECK(read.transaction_id == "0102");
    CHECK(to_hex(read.server.signature1) == "5F3700");
    CHECK(to_hex(read.server.ci_key) == "0401AA");
    for (const char* name :
        {"transactionId", "serverSigned1", "euiccCiPKIdToBeUsed", "serverCertificate"}) {
        std::string without = good;
        without.replace(without.find(name), 2, "xx");
        CHECK(read_authentication_offer(without).error().detail().ends_with(
            std::string(name) + " is missing"));
    }
    std::string broken = GENERATE("MAA", "MA=", "!AA=", "MAE=", "BAGq");
    std::string damaged = good;
    damaged.replace(damaged.find("MAA="), 4, broken);
    CHECK(read_authentication_offer(damaged).error() == errc::malformed_es9);
}

TEST_CASE("white space in base64 does not count", "[es9]")
{
    std::string answer = "{" + success + R"(,"boundProfilePackage":"vz\r\n YA"})";
    CHECK(to_hex(read_bound_profile_package(answer).value()) == "BF3600");
}

TEST_CASE("a package that is cut off or something else is refused", "[es9]")
{
    std::string wrong = GENERATE("vzY=", "vzYF", "MAA=", "");
    std::string answer = "{" + success + R"(,"boundProfilePackage":")" + wrong + "\"}";
    CHECK(read_bound_profile_package(answer).error() == errc::malformed_es9);
}
