#include "agent/provision/announcer.hpp"

#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>

using namespace agent;
using namespace agent::provision;
using report::stage;

namespace {

const iccid ours = iccid::from("89999010000000042007");
const iccid another = iccid::from("89999010000000042015");

lpa::profile profile(const iccid& which, bool is_enabled)
{
    lpa::profile out;
    out.iccid = which;
    out.state = is_enabled ? lpa::profile_state::enabled : lpa::profile_state::disabled;
    return out;
}

struct fixture {
    tests::temporary_directory files;
    platform::logger log{platform::log_level::error, std::tmpfile()};
    memory_file file{files.path(), log};
    report::outbox outbox{files.path(), {}, log};
    situation now;
    announcer reports{now, file, outbox, log};
    std::vector<boost::json::object> told;

    fixture()
    {
        outbox.on_add([this](const std::string& event) {
            told.push_back(boost::json::parse(event).as_object());
        });
        now.past.memory_id = "M";
        now.past.iccid = ours;
        now.past.eid = "89049032123451234512345678901230";
        now.past.customer_uid = "C1";
        now.imei = "490154203237518";
        now.card.emplace();
    }
    /// What the card shows of our profile.
    void shows(bool is_enabled, std::size_t notifications = 1)
    {
        now.card->profiles = {profile(ours, is_enabled)};
        now.card->notifications = notifications;
        reports.announce_what_is();
    }
    std::string stages() const
    {
        std::string out;
        for (const auto& each : told)
            out += (out.empty() ? "" : " ") + std::string(data_of(each).at("stage").as_string());
        return out;
    }
    static const boost::json::object& data_of(const boost::json::object& event)
    {
        return event.at("data").as_object();
    }
};

}  // namespace

TEST_CASE("each stage is told once, in the order in which it is reached", "[announcer]")
{
    fixture f;
    f.reports.announce(stage::fetched);
    f.reports.announce(stage::fetched);
    f.shows(false);
    f.shows(false);
    f.shows(true);
    f.now.network = platform::registration{platform::registration_state::roaming, "Net"};
    f.shows(true);
    f.shows(true, 0);
    CHECK(f.stages() == "fetched installed enabled registered notified");
    const auto& last = fixture::data_of(f.told.at(3));
    CHECK(last.at("roaming").as_bool());
    CHECK(last.at("iccid").as_string() == "89999010000000042007");
    CHECK(last.at("modem").as_string() == "490154203237518");
    CHECK(f.now.past.working_iccid == ours);
}

TEST_CASE(
    "that data flows is told with its way, and again after the profile was off", "[announcer]")
{
    fixture f;
    f.now.online = data_path{"wwan0", "internet", true};
    f.shows(false);
    CHECK(f.stages() == "installed");
    f.shows(true);
    f.shows(true);
    CHECK(f.stages() == "installed enabled online");
    const auto& last = fixture::data_of(f.told.at(2));
    CHECK(last.at("interface").as_string() == "wwan0");
    CHECK(last.at("apn").as_string() == "internet");
    CHECK(last.at("apnGuessed").as_bool());
    f.shows(false);
    f.shows(true);
    CHECK(f.stages() == "installed enabled online disabled enabled online");
}

TEST_CASE("what was told is on disk before the next step", "[announcer]")
{
    fixture f;
    f.shows(true);
    CHECK(f.file.load()->has_reported(stage::enabled));
    CHECK(f.reports.is_saved());
}

TEST_CASE("a profile that is disabled and enabled again is told again", "[announcer]")
{
    fixture f;
    f.shows(true);
    f.shows(false);
    f.shows(true);
    CHECK(f.stages() == "installed enabled disabled enabled");
    CHECK(f.told.at(1).at("id") != f.told.at(3).at("id"));
}

TEST_CASE("a profile that is gone is told, and everything about it is news then", "[announcer]")
{
    fixture f;
    f.shows(true);
    f.now.card->profiles.clear();
    f.reports.announce_what_is();
    f.reports.announce_what_is();
    f.shows(false);
    CHECK(f.stages() == "installed enabled deleted installed");
    CHECK(fixture::data_of(f.told.at(2)).at("profileState").as_string() == "RELEASED");
}

TEST_CASE(
    "an order that was replaced on its way is told once the card was looked at", "[announcer]")
{
    fixture f;
    f.reports.announce(stage::fetched);
    f.now.card.reset();
    f.reports.begin_occurrence(another);
    CHECK(f.file.load()->superseded.size() == 1);
    f.reports.announce_what_is();
    CHECK(f.stages() == "fetched");
    f.now.card.emplace();
    f.shows(false);
    f.shows(false);
    CHECK(f.stages() == "fetched superseded");
    const auto& told = fixture::data_of(f.told.at(1));
    CHECK(told.at("iccid").as_string() == ours.text());
    CHECK(told.at("onCard").as_bool());
    CHECK_FALSE(told.at("enabled").as_bool());
}

TEST_CASE("an order that was at its end is not told when another comes", "[announcer]")
{
    fixture f;
    f.reports.announce(stage::fetched);
    f.shows(true, 0);
    f.reports.begin_occurrence(another);
    f.reports.announce_what_is();
    CHECK(f.stages() == "fetched installed enabled notified");
}

TEST_CASE("each report says how the eSIM stands by then", "[announcer]")
{
    fixture f;
    gigastore::esim known;
    known.iccid = f.now.past.iccid;
    known.imsi = "001010000004200";
    known.state = gigastore::esim_state::released;
    f.now.customer.emplace();
    f.now.customer->related_esims = {known};
    f.reports.announce(stage::fetched);
    f.now.customer.reset();  // asked again later
    f.shows(true);
    f.shows(true, 0);
    f.shows(false, 0);
    std::string states;
    for (const auto& each : f.told) {
        CHECK(fixture::data_of(each).at("imsi").as_string() == "001010000004200");
        states += std::string(fixture::data_of(each).at("profileState").as_string()) + " ";
    }
    CHECK(f.stages() == "fetched installed enabled notified disabled");
    CHECK(states == "RELEASED INSTALLED INSTALLED INSTALLED DISABLED ");
}

TEST_CASE("falling back to the profile that worked is told with its ICCID", "[announcer]")
{
    fixture f;
    f.now.past.unusable_iccid = ours;
    f.now.past.working_iccid = another;
    f.now.card->profiles = {profile(ours, false), profile(another, true)};
    f.reports.announce_what_is();
    CHECK(f.stages() == "installed notified fallback");
    CHECK(fixture::data_of(f.told.back()).at("workingIccid").as_string() == another.text());
}

TEST_CASE("a failure is told once by its name, until all was well", "[announcer]")
{
    fixture f;
    f.reports.announce_failure(net::errc::tls);
    f.reports.announce_failure(net::errc::tls);
    f.reports.announce_failure(net::errc::timeout);
    CHECK(f.stages() == "failed failed");
    f.reports.forget_failures();
    f.reports.announce_failure(net::errc::tls);
    CHECK(f.told.size() == 3);
    CHECK(f.told.at(0).at("id") != f.told.at(2).at("id"));
}

TEST_CASE("a failure is told with its class and all that stood behind it", "[announcer]")
{
    fixture f;
    // A pair of codes that no table lists: its words say "a reason", which is not the reason.
    f.reports.announce_failure(lpa::refusal({"8.2.6", "7.9", "", ""}));
    const auto& error = fixture::data_of(f.told.back()).at("error").as_object();
    CHECK(error.at("subject").as_string() == "8.2.6");
    CHECK(error.at("reason").as_string() == "7.9");
    CHECK(error.at("class").as_string() == "may_pass");
    CHECK_FALSE(error.contains("httpStatus"));
    f.reports.announce_failure(lpa::errc::outcome_unknown);
    CHECK(fixture::data_of(f.told.back()).at("stage").as_string() == "unknown");
}

TEST_CASE("another eSIM begins anew", "[announcer]")
{
    fixture f;
    f.now.past.installations = 2;
    f.shows(true);
    f.reports.begin_occurrence(another);
    CHECK(f.now.past.installations == 0);
    f.now.card->profiles = {profile(another, false)};
    f.reports.announce_what_is();
    CHECK(f.stages() == "installed enabled installed");
}

TEST_CASE("packages are told when they cross a line, and again after they were well", "[announcer]")
{
    fixture f;
    package_balance left;
    auto look = [&](double megabytes) {
        left.megabytes = megabytes;
        f.reports.announce_balance("C1", left, {});
    };
    for (double each : {500.0, 90.0, 80.0, 0.0, 0.0, 500.0, 50.0})
        look(each);
    CHECK(f.stages() == "balance-low balance-exhausted balance-low");
    left.expires_at = platform::read_clock().system + std::chrono::hours(24);
    look(500);
    look(500);
    CHECK(f.stages().ends_with("balance-low package-expiring"));
    CHECK(fixture::data_of(f.told.back()).at("balance").at("megabytes").to_number<double>() == 500);
}

TEST_CASE("without a look at the card nothing is told of it", "[announcer]")
{
    fixture f;
    f.now.card.reset();
    f.reports.announce_what_is();
    f.now.card.emplace();
    f.now.past.iccid = iccid();
    f.reports.announce_what_is();
    CHECK(f.told.empty());
}
