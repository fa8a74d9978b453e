#include "agent/link/recent_customers.hpp"

#include "platform/task_group.hpp"

#include "tests/support/run.hpp"
#include "tests/support/scripted_gigastore.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>

using namespace agent;
using tests::customer_with, tests::http_answer, tests::scripted;

namespace {

struct fixture : tests::scripted_gigastore {
    link::recent_customers customers{api, log};
    std::vector<result<link::known_customer>> answers;

    using scripted_gigastore::scripted_gigastore;

    /// So many readers at once; their answers are in `answers`.
    void read_by(int readers, const std::string& uid)
    {
        for (int i = 0; i < readers; ++i)
            boost::asio::co_spawn(io, customers.get(uid),
                [this, readers](std::exception_ptr, result<link::known_customer> one) {
                    answers.push_back(std::move(one));
                    if (answers.size() == static_cast<std::size_t>(readers))
                        io.stop();
                });
        io.restart();
        io.run_for(std::chrono::seconds(10));
    }
};

asio::awaitable<void> look(link::recent_customers& at, std::string uid)
{
    auto asking = at.get(std::move(uid));
    co_await std::move(asking);
}

task<void> ended(platform::task_group& all)
{
    co_await all.ended();
    co_return result<void>();
}

}  // namespace

TEST_CASE("however many look at the same customer, Gigastore is asked once", "[link]")
{
    fixture with{{customer_with("RELEASED")}};
    with.read_by(50, "C1");
    REQUIRE(with.answers.size() == 50);
    for (const auto& each : with.answers)
        CHECK((each && (*each)->uid == "C1"));
    CHECK(with.server.received().size() == 1);
}

TEST_CASE("a no counts for a while, too", "[link]")
{
    fixture with{{{.answer = http_answer(404, "{}")}}};
    with.read_by(3, "C1");
    REQUIRE(with.answers.size() == 3);
    for (const auto& each : with.answers)
        CHECK_FALSE(each);
    CHECK_FALSE(tests::run(with.io, with.customers.get("C1")));
    CHECK(with.server.received().size() == 1);
}

TEST_CASE("customers do not wait for each other, unless too many are asked about", "[link]")
{
    fixture with{std::deque<scripted>(16, {.stay_silent = true})};
    platform::task_group readers{with.io.get_executor()};
    for (int i = 0; i < 16; ++i)
        readers.spawn(look(with.customers, "C" + std::to_string(i)));
    auto one_more = tests::run(with.io, with.customers.get("C99"));
    REQUIRE_FALSE(one_more);
    CHECK(one_more.error().kind() == failure_class::busy);
    CHECK(tests::run(with.io, ended(readers)));
}
