#include "agent/report/outbox_files.hpp"

#include "platform/error.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

using namespace agent::report;

namespace {

struct fixture {
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    outbox_files outbox{files.path() + "/outbox", log};
};

rendered_report make(stage what)
{
    event out;
    out.stage = what;
    out.iccid = agent::iccid::from("89999010000000042007");
    out.customer_uid = "C1";
    out.profile_state = "INSTALLED";
    return render(out);
}

}  // namespace

TEST_CASE("a report that was written is there as it was, in its order", "[outbox_files]")
{
    fixture f;
    CHECK(f.outbox.load().value().empty());
    REQUIRE(f.outbox.write(12, make(stage::enabled).cloud_event));
    REQUIRE(f.outbox.write(7, make(stage::installed).cloud_event));
    auto all = f.outbox.load().value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].number == 7);
    CHECK(all[0].stage == stage::installed);
    CHECK(all[1].iccid.text() == "89999010000000042007");
    rendered_report read = f.outbox.read(12).value();
    CHECK(read.id == make(stage::enabled).id);
    CHECK(read.customer_uid == "C1");
    CHECK(read.profile_state == "INSTALLED");
    f.outbox.remove(7);
    CHECK(f.outbox.load().value().size() == 1);
    CHECK_FALSE(f.outbox.read(7));
}

TEST_CASE("a report that holds none of ours is damaged, and the others go on", "[outbox_files]")
{
    fixture f;
    REQUIRE(f.outbox.write(1, R"({"data":{"stage":"dancing"}})"));
    REQUIRE(f.outbox.write(2, make(stage::enabled).cloud_event));
    CHECK(f.outbox.read(1).error() == platform::errc::damaged);
    CHECK(f.outbox.load().value().size() == 1);
}

TEST_CASE("a cursor is where it was; those of other destinations are removed", "[outbox_files]")
{
    fixture f;
    cursor one{.destination = "A", .done = 41, .off_words = "gone"};
    f.outbox.save_cursor(one);
    cursor other{.destination = "B", .done = 5};
    f.outbox.save_cursor(other);
    CHECK(f.outbox.load_cursor("A").done == 41);
    CHECK(f.outbox.load_cursor("A").off_words == "gone");
    CHECK(f.outbox.load_cursor("C").done == 0);
    for (const char* remembered : {"/A.posted", "/B.posted", "/B.posted.previous"})
        REQUIRE(platform::write_file(f.outbox.directory() + remembered, "{}"));
    REQUIRE(f.outbox.keep_cursors({one}));
    CHECK(platform::list_files(f.outbox.directory(), ".posted").value().size() == 1);
    CHECK(platform::list_files(f.outbox.directory(), ".previous").value().empty());
    CHECK(f.outbox.load_cursor("A").done == 41);
    CHECK(f.outbox.load_cursor("B").done == 0);
}
