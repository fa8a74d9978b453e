#include "platform/auto_channel.hpp"

#include "platform/isd_r.hpp"
#include "platform/socket/socket_channel.hpp"
#include "platform/timeout.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_card.hpp"

#include "tests/support/catch.hpp"

#include <deque>
#include <filesystem>
#include <map>

using namespace platform;
using boost::asio::io_context;
using tests::scripted_card;

namespace {

const bytes usual_name = known_isd_r_aids().at(0);
const bytes other_name = known_isd_r_aids().at(1);

/// Ports with a scripted card behind each; one without a script is not there.
struct bench {
    explicit bench(std::vector<modem_port> of, bool has_modem_manager = false)
        : ports(std::move(of))
    {
        auto_channel::ways by;
        by.find = [this] { return ports; };
        by.make = [this](const modem_port& port) -> std::unique_ptr<euicc_channel> {
            tried.push_back(port.device);
            auto card = cards.find(port.device);
            return std::make_unique<socket::socket_channel>(
                card == cards.end() ? "/nonexistent/" + port.device : card->second->path());
        };
        by.has_modem_manager = [has_modem_manager] { return has_modem_manager; };
        channel.emplace(std::move(by), std::vector<bytes>{usual_name, other_name}, found);
        channel->on_word([this](const std::string& words) { said.push_back(words); });
    }

    void play(const std::string& device, std::deque<std::string> script)
    {
        cards[device] = std::make_unique<scripted_card>(io, std::move(script));
    }

    io_context io;
    std::vector<modem_port> ports;
    std::map<std::string, std::unique_ptr<scripted_card>> cards;
    std::vector<std::string> tried;
    std::vector<std::string> said;
    found_port found = std::make_shared<modem_port>();
    std::optional<auto_channel> channel;
};

modem_port port(const char* device, const char* modem, channel_kind kind = channel_kind::socket)
{
    return {.kind = kind, .device = device, .modem = modem};
}

const std::deque<std::string> no_euicc{"019000", "6A82", "9000", "019000", "6A82", "9000"};

}  // namespace

TEST_CASE("the first port with an eUICC behind it is taken, and its ISD-R is selected once",
    "[auto-channel]")
{
    bench with({port("first", "a"), port("second", "a"), port("third", "b")});
    with.play("second", no_euicc);
    with.play("third", {"019000", "9000", "9000"});
    REQUIRE(tests::run(with.io, with.channel->acquire()));
    CHECK(with.found->device == "third");
    REQUIRE(tests::run(with.io, with.channel->open(usual_name)));
    CHECK(with.cards["third"]->received().size() == 2);
}

TEST_CASE("an ISD-R of another name is found without asking twice", "[auto-channel]")
{
    bench with({port("only", "a")});
    with.play("only", {"019000", "6A82", "9000", "019000", "9000", "9000"});
    REQUIRE(tests::run(with.io, with.channel->acquire()));
    auto wrong = tests::run(with.io, with.channel->open(usual_name));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error() == channel_errc::no_application);
    REQUIRE(tests::run(with.io, with.channel->open(other_name)));
    CHECK(with.cards["only"]->received().size() == 5);
}

TEST_CASE("where nothing is found, each port is named with its reason", "[auto-channel]")
{
    bench none({});
    auto nothing = tests::run(none.io, none.channel->acquire());
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error() == channel_errc::no_device);
    CHECK(nothing.error().detail() == "this device shows no modem's port and no reader");

    bench with({port("gone", "a"), port("plain", "b")});
    with.play("plain", no_euicc);
    auto tried = tests::run(with.io, with.channel->acquire());
    REQUIRE_FALSE(tried);
    CHECK(tried.error() == channel_errc::no_euicc);
    CHECK(tried.error().detail().starts_with("tried socket gone: no such modem"));
    CHECK(tried.error().detail().find("; socket plain: no eUICC found") != std::string::npos);
    CHECK(with.found->kind == channel_kind::none);
}

TEST_CASE("a modem that somebody has is not passed over for another", "[auto-channel]")
{
    bench with({port("at", "a", channel_kind::at), port("reader", "b")}, true);
    with.play("reader", {"019000", "9000"});
    auto tried = tests::run(with.io, with.channel->acquire());
    REQUIRE_FALSE(tried);
    CHECK(tried.error() == channel_errc::busy);
    CHECK(tried.error().detail().find("ID_MM_PORT_IGNORE") != std::string::npos);
    CHECK(with.tried.empty());
}

TEST_CASE("beside ModemManager an AT port is taken that udev leaves to us", "[auto-channel]")
{
    bench with({port("theirs", "a", channel_kind::at), port("ours", "a", channel_kind::at)}, true);
    with.ports[1].is_ours = true;
    with.play("ours", {"019000", "9000"});
    REQUIRE(tests::run(with.io, with.channel->acquire()));
    CHECK(with.tried == std::vector<std::string>{"ours"});
    CHECK(with.found->device == "ours");
}

TEST_CASE("a modem that comes back under another name is found again", "[auto-channel]")
{
    bench with({port("before", "a")});
    with.play("before", {"019000", "9000", "9000"});
    REQUIRE(tests::run(with.io, with.channel->acquire()));
    with.channel->release();
    std::filesystem::remove(with.cards["before"]->path());
    with.ports = {port("after", "a")};
    with.play("after", {"019000", "9000"});
    REQUIRE(tests::run(with.io, with.channel->acquire()));
    CHECK(with.found->device == "after");
    CHECK(
        with.said == std::vector<std::string>{"socket before is gone: looking for the card anew"});
}

TEST_CASE("a search that was interrupted begins anew", "[auto-channel]")
{
    bench with({port("silent", "a"), port("good", "b")});
    with.play("silent", {"silent"});
    with.play("good", {"019000", "9000"});
    auto limited = with_timeout(with.channel->acquire(), std::chrono::milliseconds(50),
        failure(channel_errc::silent, "the test"));
    auto interrupted = tests::run(with.io, std::move(limited));
    REQUIRE_FALSE(interrupted);
    CHECK(interrupted.error().detail() == "the test");
    with.ports.erase(with.ports.begin());
    REQUIRE(tests::run(with.io, with.channel->acquire()));
    CHECK(with.found->device == "good");
}
