#include "agent/report/outbox.hpp"

#include "agent/base/json.hpp"
#include "platform/storage.hpp"
#include "tests/support/started.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/serialize.hpp>
#include <filesystem>

using namespace agent;
using namespace agent::report;

namespace {

event make(int number, const std::string& iccid = "89999010000000042007")
{
    event out;
    out.stage = stage::enabled;
    out.occurrence = std::to_string(number);
    out.iccid = agent::iccid::from(iccid);
    return out;
}

struct fixture {
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};

    std::unique_ptr<outbox> open(const std::vector<std::string>& keys, outbox_limits limits = {})
    {
        auto out = std::make_unique<outbox>(files.path(), limits, log);
        REQUIRE(out->load(keys));
        return out;
    }
};

std::string data_of(const outbox& from, std::size_t index, const char* name)
{
    rendered_report content = from.content_of(from.waiting()[index]).value();
    json_document document{content.cloud_event};
    return json::serialize(*member(*member(*document.root(), "data"), name));
}

}  // namespace

TEST_CASE(
    "the id of an event is the same however often it is made, and another for another", "[report]")
{
    CHECK(id_of(make(1)) == id_of(make(1)));
    CHECK(id_of(make(1)) != id_of(make(2)));
    CHECK(id_of(make(1)).size() == 36);
    CHECK(id_of(make(1))[14] == '8');
}

TEST_CASE("a report waits, also over a restart, until every destination has it", "[report]")
{
    fixture f;
    f.open({"A", "B"})->add(make(1));
    auto again_owner = f.open({"A", "B"});
    outbox& again = *again_owner;
    REQUIRE(again.waiting().size() == 1);
    auto number = again.next_for("A")->number;
    again.done("A", number);
    CHECK(again.next_for("A") == nullptr);
    CHECK(again.next_for("B") != nullptr);
    auto later_owner = f.open({"A", "B"});
    outbox& later = *later_owner;
    CHECK(later.next_for("A") == nullptr);
    later.done("B", number);
    CHECK(later.waiting().empty());
    CHECK(f.open({"A", "B"})->waiting().empty());
}

TEST_CASE("one that waits already is not kept twice; without a destination nothing is", "[report]")
{
    fixture f;
    auto one_owner = f.open({"A"});
    outbox& one = *one_owner;
    one.add(make(1));
    one.add(make(1));
    CHECK(one.waiting().size() == 1);
    tests::temporary_directory other;
    outbox none{other.path(), {}, f.log};
    REQUIRE(none.load({}));
    none.add(make(1));
    CHECK(none.waiting().empty());
}

TEST_CASE("a full outbox keeps the newest of each eSIM and reports what it dropped", "[report]")
{
    fixture f;
    auto small_owner = f.open({"A"}, {.count = 5, .bytes = 1'000'000});
    outbox& small = *small_owner;
    small.add(make(0, "89999010000000042015"));  // the only one of its eSIM
    for (int i = 1; i <= 20; ++i)
        small.add(make(i));
    CHECK(small.waiting().size() <= 5);
    CHECK(small.waiting().front().iccid.text() == "89999010000000042015");
    CHECK(small.waiting().back().stage == stage::dropped);
    auto dropped = data_of(small, small.waiting().size() - 1, "droppedReports");
    std::size_t kept = small.waiting().size() - 1;
    CHECK(dropped == std::to_string(21 - kept));
    // Every one of them is on disk as it is in memory.
    CHECK(f.open({"A"})->waiting().size() == small.waiting().size());
}

TEST_CASE("what is larger than its limit in octets gives way, too", "[report]")
{
    fixture f;
    auto small_owner = f.open({"A"}, {.count = 1'000, .bytes = 4'000});
    outbox& small = *small_owner;
    for (int i = 0; i < 50; ++i)
        small.add(make(i));
    std::size_t size = 0;
    for (const auto& each : small.waiting())
        size += each.size;
    CHECK(size < 5'000);
}

TEST_CASE("a damaged report is set aside, told as dropped, and the others go on", "[report]")
{
    fixture f;
    {
        auto two_owner = f.open({"A"});
        outbox& two = *two_owner;
        two.add(make(1));
        two.add(make(2));
    }
    auto files = platform::list_files(f.files.path() + "/outbox", ".json").value();
    platform::write_file(files[0], "garbage").value();
    auto again_owner = f.open({"A"});
    outbox& again = *again_owner;
    CHECK(again.waiting().size() == 1);
    CHECK(std::filesystem::exists(files[0] + ".damaged"));
    again.add(make(3));
    REQUIRE(again.waiting().size() == 3);
    CHECK(again.waiting().back().stage == stage::dropped);
    CHECK(data_of(again, 2, "droppedReports") == "1");
    again.add(make(4));
    CHECK(again.waiting().size() == 4);
}

TEST_CASE("a refused report is set aside, and can be taken up again", "[report]")
{
    fixture f;
    auto box_owner = f.open({"A"});
    outbox& box = *box_owner;
    box.add(make(1));
    CHECK(box.refuse("A", box.waiting()[0].number, "HTTP 400"));
    CHECK(box.waiting().empty());
    REQUIRE(box.refused().size() == 1);
    CHECK(box.refused()[0].words == "HTTP 400");
    box.try_all_again();
    CHECK(box.refused().empty());
    REQUIRE(box.waiting().size() == 1);
    CHECK(box.waiting()[0].id == id_of(make(1)));
}

TEST_CASE("a destination that is off gets nothing, and loses nothing", "[report]")
{
    fixture f;
    {
        auto box_owner = f.open({"A"});
        outbox& box = *box_owner;
        box.add(make(1));
        box.switch_off("A", "HTTP 410");
        CHECK(box.next_for("A") == nullptr);
    }
    auto again_owner = f.open({"A"});
    outbox& again = *again_owner;
    again.add(make(2));
    CHECK(again.next_for("A") == nullptr);
    CHECK(again.off_words("A") == "HTTP 410");
    SECTION("until somebody flushes")
    {
        again.try_all_again();
        REQUIRE(again.next_for("A") != nullptr);
        CHECK(again.next_for("A")->id == id_of(make(1)));
        CHECK(f.open({"A"})->off_words("A").empty());
    }
    SECTION("until its configuration is another")
    {
        auto changed = f.open({"B"});
        REQUIRE(changed->next_for("B") != nullptr);
        CHECK(changed->next_for("B")->id == id_of(make(1)));
    }
}

TEST_CASE("what gives way for a destination that is off is no loss to the others", "[report]")
{
    fixture f;
    auto box_owner = f.open({"A", "B"}, {.count = 2});
    outbox& box = *box_owner;
    box.switch_off("B", "HTTP 410");
    for (int i = 1; i <= 4; ++i) {
        box.add(make(i));
        REQUIRE(box.next_for("A")->stage != stage::dropped);
        box.done("A", box.next_for("A")->number);
        CHECK(box.next_for("A") == nullptr);
    }
    CHECK(box.waiting_for("B") == 2);
}

TEST_CASE("a disk that takes nothing loses no report", "[report]")
{
    fixture f;
    std::string file = f.files.write("state", "this is a file, and no directory");
    outbox box{file, {}, f.log};
    REQUIRE_FALSE(box.load({"A"}));
    outbox other{f.files.path() + "/new", {}, f.log};
    REQUIRE(other.load({"A"}));
    f.files.write("new", "in the way");
    other.add(make(1));
    CHECK_FALSE(other.save_unsaved());
    REQUIRE(other.next_for("A") != nullptr);
    CHECK(other.content_of(*other.next_for("A")));
    std::filesystem::remove(f.files.path() + "/new");
    CHECK(other.unsaved() == 1);
    {  // written as soon as there is room, without another report
        asio::io_context io;
        tests::started looking(io, other.write_when_there_is_room(std::chrono::milliseconds(1)));
        CHECK(looking.comes([&other] { return other.unsaved() == 0; }));
    }
    outbox again{f.files.path() + "/new", {}, f.log};
    REQUIRE(again.load({"A"}));
    CHECK(again.waiting().size() == 1);
}
