#include "agent/lpa/codes.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::lpa;

namespace {

failure refused(const std::string& subject, const std::string& reason)
{
    return refusal({.subject = subject, .reason = reason, .message = "M", .identifier = ""});
}

}  // namespace

TEST_CASE(
    "a refusal of the SM-DP+ has a class, both codes, plain words and the server's", "[codes]")
{
    failure why = refused("8.2.6", "3.8");
    CHECK(why == errc::code_refused);
    CHECK(why.detail()
          == "the activation code is wrong, used up, or not for this eUICC (subject 8.2.6, reason "
             "3.8): \"M\"");
}

TEST_CASE("every pair of codes that a device meets has its class", "[codes]")
{
    auto [subject, reason, what] = GENERATE(table<std::string, std::string, errc>(
        {{"8.2.6", "3.3", errc::order_problem}, {"8.2.6", "3.10", errc::order_problem},
            {"8.1.1", "3.8", errc::code_refused}, {"8.1.1", "2.2", errc::order_problem},
            {"8.1.1", "3.10", errc::order_problem}, {"8.2", "1.2", errc::not_released},
            {"8.2", "3.7", errc::order_problem}, {"8.2.1", "1.2", errc::order_problem},
            {"8.2.1", "3.3", errc::order_problem}, {"8.2.1", "3.5", errc::order_problem},
            {"8.2.1", "3.9", errc::order_problem}, {"8.2.1", "3.10", errc::order_problem},
            {"8.2.5", "3.7", errc::order_problem}, {"8.2.5", "3.8", errc::order_problem},
            {"8.2.5", "3.9", errc::order_problem}, {"8.2.5", "4.3", errc::device_not_eligible},
            {"8.2.7", "2.2", errc::confirmation_needed}, {"8.2.7", "3.8", errc::confirmation_wrong},
            {"8.2.7", "6.4", errc::confirmation_exhausted}, {"8.8.5", "4.10", errc::code_refused},
            {"8.8.5", "6.4", errc::code_refused}, {"8.1", "4.8", errc::no_memory},
            {"8.1", "6.1", errc::card_not_trusted}, {"8.1.2", "6.1", errc::card_not_trusted},
            {"8.1.2", "6.3", errc::card_not_trusted}, {"8.1.3", "6.1", errc::card_not_trusted},
            {"8.1.3", "6.3", errc::card_not_trusted}, {"8.8.1", "3.8", errc::code_refused},
            {"8.8", "3.10", errc::code_refused}, {"8.8.2", "3.1", errc::card_not_trusted},
            {"8.8.4", "3.7", errc::card_not_trusted}, {"8.11.1", "3.9", errc::card_not_trusted},
            {"8.8.3", "3.1", errc::card_not_trusted}, {"8.10.1", "3.9", errc::session_lost},
            {"8.9", "4.2", errc::server_problem}, {"8.9", "5.1", errc::server_problem},
            {"8.9.1", "3.8", errc::code_refused}, {"8.9.2", "3.1", errc::card_not_trusted},
            {"8.9.3", "3.1", errc::card_not_trusted}, {"8.9.4", "3.7", errc::card_not_trusted},
            {"8.9.5", "3.3", errc::order_problem}, {"8.9.5", "3.9", errc::order_problem},
            {"1.2", "2.1", errc::server_problem}, {"1.3.1", "2.2", errc::server_problem},
            {"1.6", "2.1", errc::server_problem}}));
    CAPTURE(subject, reason);
    CHECK(refused(subject, reason) == what);
    CHECK(refused(subject, reason).detail().find("without a reason we know") == std::string::npos);
}

TEST_CASE("codes that no table lists are named after their reason's family", "[codes]")
{
    CHECK(refused("8.99", "3.8").detail().starts_with("refused (subject 8.99, reason 3.8)"));
    CHECK(refused("8.99", "4.77") == errc::server_problem);
    CHECK(refused("8.99", "6.9") == errc::card_not_trusted);
    CHECK(refused("", "").detail().starts_with("it says no without a reason we know"));
}

TEST_CASE("a server's words are made safe and cut", "[codes]")
{
    status_codes codes{.subject = "8.1", .reason = "4.8", .message = "a\033[31m", .identifier = ""};
    CHECK(refusal(codes).detail().ends_with("\"a?[31m\""));
    codes.message = std::string(5'000, 'x');
    CHECK(refusal(codes).detail().size() < 400);
}

TEST_CASE("what the card answers is said in words, with its number", "[codes]")
{
    CHECK(authenticate_failure(1).detail()
          == "the card, checking the SM-DP+: the SM-DP+'s certificate is invalid (1)");
    CHECK(authenticate_failure(7) == errc::card_not_trusted);
    CHECK(authenticate_failure(99) == errc::card_problem);
    CHECK(prepare_failure(2) == errc::smdp_not_trusted);
    CHECK(installation_failure(5, 10) == errc::no_memory);
    CHECK(installation_failure(2, 9) == errc::already_on_card);
    CHECK(
        installation_failure(5, 8).detail()
        == "the card, loading the profile: a package that was damaged or forged (SCP03t security) "
           "(8)");
    CHECK(installation_failure(77, 77) == errc::install_failed);
    CHECK(profile_failure("enabling the profile", 5) == errc::cat_busy);
    CHECK(profile_failure("enabling the profile", 3) == errc::not_allowed);
    CHECK(cancel_failure(5) == errc::session_lost);
}
