#include "agent/provision/schedule.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::provision;
using namespace std::chrono_literals;

namespace {

constexpr double middle = 0.5;
const pace some_pace{.poll = 6h, .pending_poll = 20s};

}  // namespace

TEST_CASE(
    "a step that fails again and again waits longer, up to a quarter of an hour", "[schedule]")
{
    schedule s{some_pace};
    CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0) == 2500ms);
    CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0) == 5s);
    CHECK(s.failed(step::ask_gigastore, failure_class::obstructed, 0) == 10s);
    CHECK(s.failures() == 3);
    for (int i = 0; i < 50; ++i)
        CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0.999) <= 15min);
    CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0) == 450s);
}

TEST_CASE("a server that asks to come back later is not asked before", "[schedule]")
{
    schedule s{some_pace};
    CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0, 3600s) == 3600s);
    CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0, 1s) == 5s);
    CHECK(s.failed(step::ask_gigastore, failure_class::may_pass, 0, 24h * 365) == 24h);
}

TEST_CASE("a card is looked at again within five minutes", "[schedule]")
{
    schedule s{some_pace};
    auto about_card =
        GENERATE(failure_class::card, failure_class::busy, failure_class::wrong_state);
    for (int i = 0; i < 30; ++i)
        CHECK(s.failed(step::look_at_card, about_card, 0.999) <= 5min);
}

TEST_CASE("another step, or one that was done, begins anew", "[schedule]")
{
    schedule s{some_pace};
    s.failed(step::download, failure_class::may_pass, 0);
    s.failed(step::download, failure_class::may_pass, 0);
    CHECK(s.failed(step::enable, failure_class::card, 0) == 2500ms);
    s.succeeded(step::look_at_card);
    CHECK(s.failures() == 1);
    s.succeeded(step::enable);
    CHECK(s.failures() == 0);
}

TEST_CASE("what only a person can change is looked at when all the rest is", "[schedule]")
{
    schedule s{some_pace};
    auto kind =
        GENERATE(failure_class::credentials, failure_class::usage, failure_class::configuration);
    CHECK(s.failed(step::ask_gigastore, kind, middle) == 6h);
}

TEST_CASE("a customer that is not known yet may come soon", "[schedule]")
{
    schedule s{some_pace};
    CHECK(s.failed(step::ask_gigastore, failure_class::not_found, 0) == 10s);
}

TEST_CASE(
    "while nothing is to be done a fleet's looks spread over a fifth of the time", "[schedule]")
{
    schedule s{some_pace};
    CHECK(s.rested(false, 0) == 19'440s);
    CHECK(s.rested(false, middle) == 6h);
    CHECK(s.rested(false, 0.999999) < 23'761s);
}

TEST_CASE("what is awaited is looked for soon, then ever more rarely", "[schedule]")
{
    schedule s{some_pace};
    for (int i = 0; i < 15; ++i)
        CHECK(s.rested(true, middle) == 20s);
    CHECK(s.rested(true, middle) == 40s);
    CHECK(s.rested(true, middle) == 80s);
    for (int i = 0; i < 40; ++i)
        CHECK(s.rested(true, middle) <= 6h);
    s.hurry();
    CHECK(s.rested(true, middle) == 20s);
}
