#include "agent/report/refused_reports.hpp"

#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

using namespace agent::report;

namespace {

rendered_report make(int number)
{
    event out;
    out.stage = stage::enabled;
    out.occurrence = std::to_string(number);
    return render(out);
}

}  // namespace

TEST_CASE("a refused report is there again with the destination's words", "[refused_reports]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    refused_reports aside{files.path() + "/refused", 10, log};
    CHECK(aside.all().empty());
    REQUIRE(aside.add("A", "HTTP 422: no", make(1)));
    auto all = aside.all();
    REQUIRE(all.size() == 1);
    CHECK(all[0].destination == "A");
    CHECK(all[0].words == "HTTP 422: no");
    CHECK(all[0].report.id == make(1).id);
    CHECK(all[0].report.stage == stage::enabled);
    aside.remove(all[0]);
    CHECK(aside.all().empty());
}

TEST_CASE("of too many refused reports the oldest give way, and odd files are left out",
    "[refused_reports]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    refused_reports aside{files.path() + "/refused", 2, log};
    for (int i = 0; i < 4; ++i)
        REQUIRE(aside.add("A", std::to_string(i), make(i)));
    CHECK(aside.all().size() == 2);
    files.write("refused/000-odd.json", "nonsense");
    CHECK(aside.all().size() == 2);
}

TEST_CASE("what a disk does not take is not aside", "[refused_reports]")
{
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    files.write("refused", "a file where the directory should be");
    refused_reports aside{files.path() + "/refused", 2, log};
    CHECK_FALSE(aside.add("A", "no", make(1)));
}
