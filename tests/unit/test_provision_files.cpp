#include "agent/provision/memory.hpp"
#include "agent/provision/wanted.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>
#include <sys/stat.h>

using namespace agent;
using namespace agent::provision;

TEST_CASE("a provisioning file names a customer, an eSIM and a confirmation code", "[provision]")
{
    auto read = [](const std::string& text) { return parse_provisioning_file("p.xml", text); };
    auto all = read(R"(<esim-provision uid="C1" iccid="89999010000000042007">
        <!-- from the shop --><confirmation-code>0815</confirmation-code></esim-provision>)");
    REQUIRE(all);
    CHECK(all->customer_uid == "C1");
    CHECK(all->named == "89999010000000042007");
    CHECK(all->confirmation_code.reveal() == "0815");
    CHECK_FALSE(read("<esim-provision/>"));
    CHECK_FALSE(read("<esim-provision uid='C1' code='x'/>"));
    CHECK_FALSE(read("<esim-provision uid='C1'><x/></esim-provision>"));
    CHECK_FALSE(read("<other uid='C1'/>"));
    CHECK_FALSE(read("<esim-provision uid='C1'"));
}

TEST_CASE("what the daemon remembers is there again, in a file for its owner alone", "[provision]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error};
    memory_file file{files.path(), log};
    CHECK(file.load()->reported.empty());
    memory some;
    some.memory_id = "S";
    some.iccid = iccid::from("89999010000000042007");
    some.occurrence = 3;
    some.reported = {report::stage::fetched, report::stage::installed};
    some.reported_failures = {"tls"};
    some.order.customer_uid = "C1";
    some.order.confirmation_code = platform::secret("0815");
    REQUIRE(file.save(some));
    memory again = file.load().value();
    CHECK(again.iccid == some.iccid);
    CHECK(again.occurrence == 3);
    CHECK(again.stage() == report::stage::installed);
    CHECK(again.reported_failures == std::vector<std::string>{"tls"});
    CHECK(again.order.confirmation_code == some.order.confirmation_code);
    struct stat about {};
    ::stat((files.path() + "/provision.json").c_str(), &about);
    CHECK((about.st_mode & 0777U) == 0600U);
    // A confirmation code that was used leaves no trace.
    again.order.confirmation_code = platform::secret();
    REQUIRE(file.save_without_trace(again));
    for (const std::string& each : platform::list_files(files.path(), "").value())
        CHECK(platform::read_file(each).value().find("0815") == std::string::npos);
}

TEST_CASE("nothing is written when nothing has changed but the time", "[provision]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error};
    memory_file file{files.path(), log};
    memory some;
    some.memory_id = "S";
    REQUIRE(file.save(some));
    std::string before = platform::read_file(files.path() + "/provision.json").value();
    some.written_at = 0;
    REQUIRE(file.save(some));
    CHECK(platform::read_file(files.path() + "/provision.json").value() == before);
}

TEST_CASE("what an older version remembered is taken over", "[provision]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error};
    REQUIRE(platform::save_state(files.path() + "/provision.json",
        R"({"series":"S","customerUid":"C1","iccid":"89999010000000042007","occasion":4,)"
        R"("installations":1,"failures":2,"balanceEvents":3,)"
        R"("reported":["fetched","failed:tls","downloading"],"takenFiles":["D"],)"
        R"("workingIccid":"89999010000000042015","configuredUid":"C0",)"
        R"("order":{"uid":"C1","iccid":"","confirmationCode":""},)"
        R"("refused":{"codeDigest":"X","name":"confirmation_wrong","words":"w","advice":"a"}})"));
    memory some = memory_file(files.path(), log).load().value();
    CHECK(some.memory_id == "S");
    CHECK(some.occurrence == 4);
    CHECK(some.stage() == report::stage::downloading);
    CHECK(some.reported_failures == std::vector<std::string>{"tls"});
    CHECK(some.working_iccid == iccid::from("89999010000000042015"));
    CHECK(some.order.customer_uid == "C1");
    CHECK(some.refused.kind == failure_class::confirmation);
    CHECK(some.refused.why().advice() == "a");
}

TEST_CASE("memory that cannot be read is not empty memory, and is not overwritten", "[provision]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    memory_file file{files.path(), log};
    // As with another owner after a restore, or a bad block: there, and not to be read.
    std::filesystem::create_directory(files.path() + "/provision.json");
    auto kept = file.load();
    REQUIRE_FALSE(kept);
    CHECK(kept.error().message().find("cannot be read") != std::string::npos);
    memory fresh;
    fresh.memory_id = "new";
    CHECK_FALSE(file.save(fresh));
    CHECK(std::filesystem::is_directory(files.path() + "/provision.json"));
}
