#include "agent/provision/memory.hpp"
#include "agent/provision/wanted.hpp"
#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <sys/stat.h>

using namespace agent;
using namespace agent::provision;

TEST_CASE("a provisioning file names a customer, an eSIM and a confirmation code", "[provision]")
{
    tests::temporary_directory files;
    auto read = [&files](const std::string& text) {
        return read_provisioning_file(files.write("p.xml", text));
    };
    auto all = read(R"(<esim-provision uid="C1" iccid="89999010000000042007">
        <!-- from the shop --><confirmation-code>0815</confirmation-code></esim-provision>)");
    REQUIRE(all);
    CHECK(all->customer_uid == "C1");
    CHECK(all->iccid == "89999010000000042007");
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
    CHECK(file.load().reported.empty());
    memory some;
    some.series = "S";
    some.iccid = "89999010000000042007";
    some.occasion = 3;
    some.reported = {"fetched", "installed", "failed:tls"};
    some.order.customer_uid = "C1";
    some.order.confirmation_code = platform::secret("0815");
    REQUIRE(file.save(some));
    memory again = file.load();
    CHECK(again.iccid == some.iccid);
    CHECK(again.occasion == 3);
    CHECK(again.stage() == "installed");  // a failure is no stage
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
    some.series = "S";
    REQUIRE(file.save(some));
    std::string before = platform::read_file(files.path() + "/provision.json").value();
    some.written_at = 0;
    REQUIRE(file.save(some));
    CHECK(platform::read_file(files.path() + "/provision.json").value() == before);
}
