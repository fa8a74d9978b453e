#include "platform/failure.hpp"

#include "agent/cli/error.hpp"
#include "agent/esim/error.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/error.hpp"
#include "platform/error.hpp"
#include "platform/euicc_channel.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/error.hpp>

#include <set>

using platform::failure, platform::failure_class, platform::error_code;

namespace {

/// Every value of a room, as its table has it.
template <class Enum>
std::vector<failure> all_of(Enum first, Enum last)
{
    std::vector<failure> out;
    for (int i = static_cast<int>(first); i <= static_cast<int>(last); ++i)
        out.emplace_back(static_cast<Enum>(i));
    return out;
}

error_code system_error(int number)
{
    return {number, boost::system::system_category()};
}

}  // namespace

TEST_CASE("every errc says what the caller can do, by which name, and in which words", "[failure]")
{
    namespace lpa = agent::lpa;
    namespace net = agent::net;
    using agent::gigastore::choice_errc;
    using platform::channel_errc;
    for (const auto& room : {all_of(lpa::errc::malformed_tlv, lpa::errc::outcome_unknown),
             all_of(net::errc::not_found, net::errc::outcome_unknown),
             all_of(choice_errc::none_named, choice_errc::unusable),
             all_of(channel_errc::busy, channel_errc::card_refused),
             all_of(agent::provision::errc::no_uplink, agent::provision::errc::often_lost),
             all_of(agent::esim::errc::code_unreadable, agent::esim::errc::code_unreadable),
             all_of(agent::cli::errc::daemon_silent, agent::cli::errc::reports_wait),
             all_of(platform::errc::usage, platform::errc::too_long)})
        for (const failure& each : room) {
            INFO(each.code().category().name() << " " << each.code().value());
            CHECK(platform::error_room::of(each.code())->find(each.code().value()) != nullptr);
            CHECK_FALSE(each.name().empty());
            CHECK(each.message() != "unknown error");
            bool needs_advice = each.kind() != failure_class::interrupted
                                && each.kind() != failure_class::nothing_to_do
                                && each.kind() != failure_class::usage
                                && each.kind() != failure_class::configuration
                                && each.kind() != failure_class::internal
                                && each != channel_errc::no_application;
            CHECK((!needs_advice || !each.advice().empty()));
        }
}

TEST_CASE("classes have names, and come back from them", "[failure]")
{
    std::set<std::string> names;
    for (int i = 0; i <= static_cast<int>(failure_class::nothing_to_do); ++i) {
        auto kind = static_cast<failure_class>(i);
        names.insert(name_of(kind));
        CHECK(platform::failure_class_from(name_of(kind)) == kind);
    }
    CHECK(names.size() == static_cast<std::size_t>(failure_class::nothing_to_do) + 1);
    CHECK_FALSE(platform::failure_class_from("mood"));
}

TEST_CASE("an errno is a matter of files, space or network, never of configuration", "[failure]")
{
    CHECK(failure(system_error(ENOENT)).kind() == failure_class::usage);
    CHECK(failure(system_error(EACCES)).kind() == failure_class::usage);
    CHECK(failure(system_error(ETIMEDOUT)).kind() == failure_class::may_pass);
    CHECK(failure(system_error(ECONNREFUSED)).kind() == failure_class::may_pass);
    CHECK(failure(system_error(ENOSPC)).name() == "no_space");
    CHECK(failure(boost::system::errc::timed_out).kind() == failure_class::may_pass);
    CHECK(failure(boost::asio::error::operation_aborted).kind() == failure_class::interrupted);
    for (int number = 1; number < 134; ++number)
        CHECK(failure(system_error(number)).kind() != failure_class::configuration);
}

TEST_CASE("words begin with what says more", "[failure]")
{
    CHECK(failure(agent::net::errc::not_found, "HTTP 404").message() == "not found (HTTP 404)");
    CHECK(failure(platform::errc::usage, "say more").message() == "say more");
    CHECK(failure(system_error(ENOSPC), "writing x").message()
          == "writing x: No space left on device");
    CHECK(failure(boost::asio::error::operation_aborted).message() == "interrupted");
}

TEST_CASE("what stood behind a failure stays with it, whatever is said of it", "[failure]")
{
    failure why = agent::lpa::refusal({"8.2.6", "7.9", "", ""});
    for (const failure& each : {why, why.after("ES9+: "), why.saying("no")}) {
        REQUIRE(each.cause() != nullptr);
        CHECK(each.cause()->subject == "8.2.6");
        CHECK(each.cause()->reason == "7.9");
        CHECK(each == why.code());
    }
    CHECK(agent::lpa::installation_failure(5, 10).cause()->euicc_result == "10");
    CHECK(failure(agent::net::errc::tls).cause() == nullptr);
}

TEST_CASE("a failure that was told means here what it meant there", "[failure]")
{
    failure why = failure::retold({failure_class::card, "no_memory", "Delete one."}, "it is full");
    CHECK(why.kind() == failure_class::card);
    CHECK(why.name() == "no_memory");
    CHECK(why.advice() == "Delete one.");
    CHECK(why.message() == "it is full");
}
