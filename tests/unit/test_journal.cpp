#include "agent/lpa/journal.hpp"

#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::lpa;

namespace {

activation_code code(const std::string& text)
{
    return activation_code::parse(platform::secret(text)).value();
}

}  // namespace

TEST_CASE(
    "an attempt is found again by its code's digest, and the code is not in the file", "[journal]")
{
    tests::temporary_directory files;
    journal memory{files.path()};
    auto one = code("LPA:1$smdp.example$SECRET-1");
    CHECK_FALSE(memory.find(digest_of(one)).value());
    attempt made{.code_digest = digest_of(one),
        .smdp_address = "smdp.example",
        .iccid = agent::iccid::from("89000123456789012341"),
        .transaction_id = "0102",
        .stage = attempt_stage::loading};
    REQUIRE(memory.record(made));
    auto found = memory.find(digest_of(one)).value();
    REQUIRE(found);
    CHECK(found->iccid == made.iccid);
    CHECK(found->stage == attempt_stage::loading);
    made.stage = attempt_stage::installed;
    REQUIRE(memory.record(made));
    CHECK(memory.find(digest_of(one)).value()->stage == attempt_stage::installed);
    std::string file = platform::read_file(files.path() + "/install.json").value();
    CHECK(file.find("SECRET") == std::string::npos);
}

TEST_CASE("the same code has one digest however it is written, another code another", "[journal]")
{
    CHECK(digest_of(code("LPA:1$smdp.example$A")) == digest_of(code("1$SMDP.example$A$$1")));
    CHECK(digest_of(code("LPA:1$smdp.example$A")) != digest_of(code("LPA:1$smdp.example$B")));
}

TEST_CASE("the journal keeps the last attempts, and begins anew when it is damaged", "[journal]")
{
    tests::temporary_directory files;
    journal memory{files.path()};
    for (int i = 0; i < 70; ++i) {
        attempt made;
        made.code_digest = std::to_string(i);
        REQUIRE(memory.record(made));
    }
    CHECK_FALSE(memory.find("5").value());
    CHECK(memory.find("69").value());
    files.write("install.json", "nonsense");
    CHECK(memory.find("68").value());  // of the generation before
    files.write("install.json.previous", "nonsense");
    CHECK_FALSE(memory.find("68"));
    attempt made;
    made.code_digest = "new";
    REQUIRE(memory.record(made));
    CHECK(memory.find("new").value());
}
