#include "agent/cli/output/explain.hpp"

#include "agent/cli/error.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/euicc_channel.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/error.hpp>

using namespace agent;
using cli::explain, cli::problem;

TEST_CASE("every class of failure has its exit status", "[explain]")
{
    auto status = [](failure why) { return explain(problem("doing", std::move(why))).exit_status; };
    CHECK(status(net::errc::not_found) == 3);
    CHECK(status(net::errc::credentials_refused) == 4);
    CHECK(status(net::errc::not_allowed) == 4);
    for (auto passing : {net::errc::rate_limited, net::errc::server_trouble,
             net::errc::malformed_answer, net::errc::captive_portal, net::errc::tls,
             net::errc::clock, net::errc::name_lookup, net::errc::unreachable, net::errc::timeout})
        CHECK(status(passing) == 5);
    CHECK(status(net::errc::refused) == 7);
    CHECK(status(net::errc::outcome_unknown) == 9);
    CHECK(status(gigastore::choice_errc::none_named) == 3);
    CHECK(status(gigastore::choice_errc::none_installable) == 3);
    CHECK(status(gigastore::choice_errc::several) == 2);
    CHECK(status(gigastore::choice_errc::unusable) == 7);
    CHECK(status(boost::system::errc::permission_denied) == 2);
    CHECK(status(platform::errc::usage) == 2);
    CHECK(status(platform::errc::configuration) == 2);
    CHECK(status(error_code(ETIMEDOUT, boost::system::system_category())) == 5);
    CHECK(status(error_code(ECONNREFUSED, boost::system::system_category())) == 5);
    CHECK(status(cli::errc::daemon_silent) == 5);
    CHECK(status(error_code(ENOENT, boost::system::system_category())) == 2);
    CHECK(status(error_code(ENOSPC, boost::system::system_category())) == 1);
    CHECK(status(error_code(EIO, boost::system::system_category())) == 1);
    CHECK(status(asio::error::operation_aborted) == 130);
}

TEST_CASE("what goes wrong with a card or an SM-DP+ has its exit status", "[explain]")
{
    auto status = [](failure why) { return explain(problem("doing", std::move(why))).exit_status; };
    using platform::channel_errc;
    for (auto card : {channel_errc::busy, channel_errc::no_device, channel_errc::silent,
             channel_errc::refused, channel_errc::no_euicc, channel_errc::card_gone,
             channel_errc::malformed_answer, channel_errc::card_refused})
        CHECK(status(card) == 6);
    for (auto card : {lpa::errc::malformed_tlv, lpa::errc::no_memory, lpa::errc::cat_busy,
             lpa::errc::wrong_state, lpa::errc::card_problem})
        CHECK(status(card) == 6);
    for (auto passing : {lpa::errc::malformed_es9, lpa::errc::not_released,
             lpa::errc::server_problem, lpa::errc::session_lost})
        CHECK(status(passing) == 5);
    for (auto refused : {lpa::errc::bad_package, lpa::errc::metadata_mismatch,
             lpa::errc::code_refused, lpa::errc::order_problem, lpa::errc::confirmation_exhausted,
             lpa::errc::card_not_trusted, lpa::errc::smdp_not_trusted,
             lpa::errc::device_not_eligible, lpa::errc::rules_not_allowed,
             lpa::errc::install_failed, lpa::errc::not_allowed})
        CHECK(status(refused) == 7);
    CHECK(status(lpa::errc::confirmation_needed) == 8);
    CHECK(status(lpa::errc::confirmation_wrong) == 8);
    CHECK(status(lpa::errc::outcome_unknown) == 9);
    CHECK(status(lpa::errc::no_such_profile) == 3);
    CHECK(status(lpa::errc::no_such_notification) == 3);
    CHECK(status(lpa::errc::declined) == 130);
}

TEST_CASE("a problem says what was tried, what came back, and what to do", "[explain]")
{
    auto words =
        explain(problem("fetching customer X", failure(net::errc::not_found, "HTTP 404: Who?")));
    CHECK(words.line == "fetching customer X: not found (HTTP 404: Who?)");
    CHECK(words.advice == "Check the identifier.");
    CHECK(
        explain(problem("d", failure(net::errc::not_found), "Look here.")).advice == "Look here.");
    CHECK(explain(problem("", failure(platform::errc::configuration, "a.xml:3: no"))).line
          == "a.xml:3: no");
    CHECK(explain(problem("",
                      failure(error_code(ENOSPC, boost::system::system_category()), "writing x")))
              .line
          == "writing x: No space left on device");
}

TEST_CASE("a problem is a JSON document for programs", "[explain]")
{
    CHECK(
        cli::to_json(explain(problem("d", failure(net::errc::timeout, "30 s"))))
        == R"j({"error":{"name":"timeout","message":"d: no answer in time (30 s)","advice":"Check the network, then try again.","exitStatus":5}})j"
           "\n");
}
