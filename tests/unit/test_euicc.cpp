#include "agent/lpa/euicc.hpp"

#include "agent/lpa/error.hpp"
#include "platform/socket/socket_channel.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_card.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::lpa;
using namespace std::chrono_literals;
using platform::from_hex, platform::to_hex;

namespace {

const iccid ours = iccid::from("89999010000000042007");
const std::string iccid_tlv = "5A0A"
                              "98990901000000400270";
const std::string aid_tlv = "4F10A0000005591010FFFFFFFF8900001100";

std::string whole(const std::string& tag, const std::string& value)
{
    return to_hex(
               make_tlv(static_cast<std::uint32_t>(std::stoul(tag, nullptr, 16)), *from_hex(value)))
           + "9000";
}

/// GetProfilesInfo's answer with our profile in it.
std::string listed(bool is_enabled)
{
    std::string state = std::string("9F7001") + (is_enabled ? "01" : "00");
    return whole(
        "BF2D", to_hex(make_tlv(0xa0, make_tlv(0xe3, *from_hex(iccid_tlv + aid_tlv + state)))));
}

std::string code(const std::string& tag, const std::string& number)
{
    return whole(tag, "8001" + number);
}

/// A card in a reader that plays its script, opened.
struct fixture {
    asio::io_context io;
    platform::logger log{platform::log_level::error};
    tests::scripted_card card;
    platform::socket::socket_channel channel;
    platform::isd_r isd;
    euicc chip;

    static euicc_settings quick()
    {
        euicc_settings out;
        out.refresh_pause = 1ms;
        out.refresh_limit = 40ms;
        out.reader_limit = 150ms;
        return out;
    }
    static std::deque<std::string> with_start(std::deque<std::string> script)
    {
        script.insert(script.begin(), {"019000", "9000"});
        return script;
    }

    explicit fixture(std::deque<std::string> script, euicc_settings settings = quick())
        : card(io, with_start(std::move(script)))
        , channel(card.path())
        , isd(channel, {}, log)
        , chip(isd, log, std::move(settings))
    {
        REQUIRE(tests::run(io, chip.open()));
    }

    /// The ES10 commands, without what belongs to the channel.
    std::vector<std::string> commands() const
    {
        std::vector<std::string> out;
        for (const std::string& each : card.received())
            if (each.substr(2, 2) == "E2")
                out.push_back(each.substr(10));
        return out;
    }
};

task<void> lose(platform::isd_r& of)
{
    co_await of.lose();
    co_return result<void>();
}

}  // namespace

TEST_CASE("a profile is enabled by its ICCID, in a reader without a refresh", "[euicc]")
{
    fixture f{{listed(false), code("BF31", "00"), listed(true)}};
    CHECK(tests::run(f.io, f.chip.enable(ours)));
    CHECK(f.commands().at(1) == "BF3111A00C" + iccid_tlv + "810100");
}

TEST_CASE(
    "a card that wants the AID, or a refresh, is given it while it shows nothing new", "[euicc]")
{
    auto refusal = GENERATE("01", "7F");
    fixture f{{listed(false), code("BF31", refusal), code("BF31", refusal), code("BF31", refusal),
        code("BF31", "00"), "6881", "9000", "019000", "9000", listed(true)}};
    CHECK(tests::run(f.io, f.chip.enable(ours)));
    auto said = f.commands();
    CHECK(said.at(2) == "BF3117A012" + aid_tlv + "810100");
    CHECK(said.at(3) == "BF3111A00C" + iccid_tlv + "8101FF");
    CHECK(said.at(4) == "BF3117A012" + aid_tlv + "8101FF");
}

TEST_CASE("what the configuration says of refresh is all that is tried", "[euicc]")
{
    euicc_settings settings = fixture::quick();
    settings.refresh = false;
    fixture f{{listed(false), code("BF31", "01"), code("BF31", "01")}, settings};
    auto refused = tests::run(f.io, f.chip.enable(ours));
    CHECK(refused.error() == errc::no_such_profile);
    CHECK(f.commands().size() == 3);
}

TEST_CASE("a policy's refusal is final, and no other form is tried", "[euicc]")
{
    fixture f{{listed(true), code("BF32", "03")}};
    CHECK_FALSE(tests::run(f.io, f.chip.disable(ours)));
    CHECK(f.commands().size() == 2);
}

TEST_CASE(
    "the new state is waited for as long as the limit is, however often it is denied", "[euicc]")
{
    std::deque<std::string> script{listed(false), code("BF31", "00")};
    constexpr int denials = 12;
    for (int i = 0; i < denials; ++i)
        for (const std::string& each :
            {listed(false), std::string("9000"), std::string("019000"), std::string("9000")})
            script.push_back(each);
    script.push_back(listed(true));
    euicc_settings settings = fixture::quick();
    settings.reader_limit = 8s;  // as long as a machine that is busy may take over it
    fixture f{std::move(script), settings};
    CHECK(tests::run(f.io, f.chip.enable(ours)));
}

TEST_CASE("a card that refuses a list of tags is asked for all it has, from then on", "[euicc]")
{
    auto refusal = GENERATE(std::string("6A80"), whole("BF2D", "810101"));
    fixture f{{refusal, listed(true), listed(true)}};
    CHECK(tests::run(f.io, f.chip.profiles()).value().size() == 1);
    CHECK(tests::run(f.io, f.chip.profiles()).value().size() == 1);
    auto said = f.commands();
    CHECK(said.at(0).starts_with("BF2D0B5C09"));
    CHECK(said.at(1) == "BF2D00");
    CHECK(said.at(2) == "BF2D00");
}

TEST_CASE("a channel that was lost is opened again before the next command", "[euicc]")
{
    fixture f{{"9000", "019000", "9000", listed(true)}};
    REQUIRE(tests::run(f.io, lose(f.isd)));
    CHECK(tests::run(f.io, f.chip.profiles()));
    CHECK(f.card.received().at(3) == "0070000001");
}
