#include "agent/report/courier.hpp"

#include "tests/support/started.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <deque>

using namespace agent;
using namespace agent::report;
using namespace std::chrono_literals;
using kind = verdict::kind;

namespace {

/// What a destination says, one word a report; then it accepts.
struct script {
    std::deque<verdict> verdicts{};
    std::vector<std::string> ids{};

    void says(kind what, std::optional<std::chrono::seconds> retry_after = {})
    {
        verdict one;
        one.what = what;
        one.words = "words";
        one.retry_after = retry_after;
        verdicts.push_back(one);
    }
};

class scripted_destination final : public destination {
public:
    explicit scripted_destination(script& of) : of_(of) {}
    std::string name() const override { return "the fleet"; }
    asio::awaitable<verdict> send(rendered_report what) override
    {
        of_.ids.push_back(what.id);
        verdict out;
        out.what = kind::accepted;
        if (!of_.verdicts.empty()) {
            out = of_.verdicts.front();
            of_.verdicts.pop_front();
        }
        co_return out;
    }
    task<std::string> check(device_identity) override { co_return "there"; }
    asio::awaitable<void> serve() override { co_return; }

private:
    script& of_;
};

asio::awaitable<void> deliver_once(courier& of)
{
    co_await of.deliver_all();
}

struct fixture {
    asio::io_context io;
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    outbox from{files.path(), {}, log};
    script answers;
    net::backoff retries{.first = 1ms, .longest = 2ms};
    std::optional<courier> to;

    fixture()
    {
        REQUIRE(from.load({"A"}));
        to.emplace("A", std::make_unique<scripted_destination>(answers), from, retries, log);
        for (int i = 0; i < 2; ++i) {
            event one;
            one.stage = stage::enabled;
            one.occurrence = std::to_string(i);
            from.add(one);
        }
    }
};

}  // namespace

TEST_CASE("reports go in their order, until none waits", "[courier]")
{
    fixture f;
    tests::started running{f.io, f.to->run()};
    CHECK(f.answers.ids.size() == 2);
    CHECK(f.from.waiting().empty());
    CHECK(f.to->status().delivered == 2);
    CHECK(f.to->status().trouble.empty());
    CHECK(f.to->status().last_accepted);
    CHECK_FALSE(running.has_ended());
}

TEST_CASE(
    "what could not be taken now is sent again, with the same id, before the next", "[courier]")
{
    fixture f;
    f.answers.says(kind::later);
    f.answers.says(kind::later);
    tests::started running{f.io, f.to->run()};
    REQUIRE(running.comes([&] { return f.from.waiting().empty(); }));
    REQUIRE(f.answers.ids.size() == 4);
    CHECK(f.answers.ids[0] == f.answers.ids[2]);
    CHECK(f.answers.ids[2] != f.answers.ids[3]);
}

TEST_CASE("a refused report is set aside, and the others go on", "[courier]")
{
    fixture f;
    f.answers.says(kind::refused);
    tests::started running{f.io, f.to->run()};
    CHECK(f.from.waiting().empty());
    auto refused = f.from.refused();
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].words == "words");
    CHECK(refused[0].report.id == f.answers.ids[0]);
    CHECK(f.to->status().delivered == 1);
}

TEST_CASE("a destination that is gone gets nothing more", "[courier]")
{
    fixture f;
    f.answers.says(kind::gone);
    tests::started running{f.io, f.to->run()};
    CHECK(f.answers.ids.size() == 1);
    CHECK(f.to->status().is_off);
    CHECK(f.to->status().trouble == "words");
}

TEST_CASE("a server that asks for patience gets it, unless somebody is in a hurry", "[courier]")
{
    fixture f;
    f.answers.says(kind::later, 3'600s);
    tests::started running{f.io, f.to->run()};
    CHECK(f.answers.ids.size() == 1);
    f.to->hurry();
    running.turn();
    CHECK(f.answers.ids.size() == 3);
    CHECK(f.from.waiting().empty());
}

TEST_CASE("one delivery of all that waits ends at the first that has to wait", "[courier]")
{
    fixture f;
    f.answers.says(kind::later);
    tests::started once{f.io, deliver_once(*f.to)};
    CHECK(once.has_ended());
    CHECK(f.answers.ids.size() == 1);
    CHECK(f.from.waiting().size() == 2);
}
