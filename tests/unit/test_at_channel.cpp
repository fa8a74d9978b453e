#include "platform/at/at_channel.hpp"

#include "platform/device_lock.hpp"
#include "platform/storage.hpp"
#include "platform/timeout.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_card.hpp"

#include "tests/support/catch.hpp"
#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace platform;
using at::at_channel, tests::scripted_modem;
using boost::asio::io_context;

namespace {

const bytes aid = *from_hex("A0000005591010FFFFFFFF8900000100");
const std::string ok = "\r\nOK\r\n";
const std::string imei = "\r\n490154203237518\r\n\r\nOK\r\n";

/// A modem that is asked what at_port asks first, then plays the rest.
std::deque<std::string> after_start(std::deque<std::string> rest)
{
    rest.insert(rest.begin(), {"ATE0\r" + ok, "\r\n+CMEE: 1\r\n" + ok, imei});
    return rest;
}

task<void> open(at_channel& channel)
{
    auto acquired = co_await channel.acquire();
    if (!acquired)
        co_return acquired.error();
    auto opened = co_await channel.open(aid);
    co_return opened;
}

const bytes apdu = *from_hex("80E2910003BF2000");

std::string lock_file(const std::string& device)
{
    std::string name = std::filesystem::canonical(device).string().substr(5);
    std::ranges::replace(name, '/', '_');
    return lock_directory() + "/LCK.." + name;
}

}  // namespace

TEST_CASE("the card in a modem is reached by AT+CCHO and AT+CGLA", "[at]")
{
    io_context io;
    scripted_modem modem{
        io, after_start({"\r\n+CCHO: 2\r\n" + ok,
                "\r\n+CREG: 1\r\n\r\n+CGLA: 8,\"BF209000\"\r\n" + ok, "\r\n+CCHC\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(tests::run(io, channel.imei()).value() == "490154203237518");
    auto answer = tests::run(io, channel.transmit(apdu, usual_apdu_limit));
    CHECK(to_hex(answer.value()) == "BF209000");
    REQUIRE(tests::run(io, channel.close()));
    const auto& said = modem.received();
    CHECK(said[0] == "ATE0");
    CHECK(said[3] == "AT+CCHO=\"A0000005591010FFFFFFFF8900000100\"");
    CHECK(said[4] == "AT+CGLA=2,16,\"82E2910003BF2000\"");  // the class byte names the channel
    CHECK(said[5] == "AT+CCHC=2");
}

TEST_CASE("what this program left open when it was killed is closed, and nothing else", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CCHO: 2\r\n" + ok, ok})};
    at_channel first{modem.device()};
    REQUIRE(tests::run(io, open(first)));
    std::string file = lock_file(modem.device());
    auto left = read_file(file);
    REQUIRE(left);
    CHECK(left->ends_with("\nccho 2\n"));
    REQUIRE(tests::run(io, first.close()));
    CHECK_FALSE(read_file(file)->ends_with("\nccho 2\n"));

    // As kill -9 leaves it: the file stays, and nobody holds it.
    scripted_modem after{io, after_start({ok, "\r\n+CCHO: 1\r\n" + ok})};
    std::ofstream(lock_file(after.device())) << *left;
    at_channel second{after.device()};
    REQUIRE(tests::run(io, open(second)));
    CHECK(after.received()[3] == "AT+CCHC=2");
    CHECK(after.received()[4].starts_with("AT+CCHO="));
}

TEST_CASE("what a stranger wrote into a lock file goes to no modem", "[at]")
{
    auto note = GENERATE("ccho 1;+CFUN=1,1", "ccho ", "csim 12x", "csim 0", "ATD112");
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CCHO: 1\r\n" + ok})};
    std::ofstream(lock_file(modem.device())) << "         1\nesim-agent\n" << note << "\n";
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(modem.received()[3].starts_with("AT+CCHO="));
}

TEST_CASE("a plain SIM that refuses AT+CCHO keeps its channels", "[at]")
{
    io_context io;
    const std::string error = "\r\nERROR\r\n";
    scripted_modem modem{
        io, after_start({error, error, "\r\n+CSIM: 6,\"019000\"\r\n" + ok,
                "\r\n+CSIM: 4,\"6A82\"\r\n" + ok, "\r\n+CSIM: 4,\"9000\"\r\n" + ok})};
    at_channel channel{modem.device()};
    CHECK(tests::run(io, open(channel)).error() == channel_errc::no_application);
    const auto& said = modem.received();
    CHECK(std::ranges::none_of(said, [](const auto& each) { return each.starts_with("AT+CCHC"); }));
    CHECK(said.back() == "AT+CSIM=10,\"0070800100\"");  // the channel that it opened itself
}

TEST_CASE("a modem without AT+CCHO is spoken to by AT+CSIM", "[at]")
{
    io_context io;
    const std::string error = "\r\nERROR\r\n";
    scripted_modem modem{
        io, after_start({error, error, "\r\n+CSIM: 6,\"019000\"\r\n" + ok,
                "\r\n+CSIM: 4,\"6112\"\r\n" + ok, "\r\n+CSIM: 4,\"9000\"\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(tests::run(io, channel.transmit(apdu, usual_apdu_limit)));
    CHECK(modem.received()[5] == "AT+CSIM=10,\"0070000001\"");
    CHECK(modem.received()[6] == "AT+CSIM=42,\"01A4040010A0000005591010FFFFFFFF8900000100\"");
    CHECK(modem.received()[7] == "AT+CSIM=16,\"81E2910003BF2000\"");
}

TEST_CASE("a modem that knows AT+CCHO, but not AT+CGLA, is spoken to by AT+CSIM", "[at]")
{
    io_context io;
    const std::string error = "\r\nERROR\r\n";
    scripted_modem modem{io,
        after_start({"\r\n+CCHO: 1\r\n" + ok, error, error, ok, "\r\n+CSIM: 6,\"029000\"\r\n" + ok,
            "\r\n+CSIM: 4,\"9000\"\r\n" + ok, "\r\n+CSIM: 4,\"9000\"\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(to_hex(tests::run(io, channel.transmit(apdu, usual_apdu_limit)).value()) == "9000");
    CHECK(modem.received()[6] == "AT+CCHC=1");
    CHECK(modem.received()[9] == "AT+CSIM=16,\"82E2910003BF2000\"");
}

TEST_CASE("the session of AT+CCHO is echoed as it is", "[at]")
{
    auto [said, echoed] = GENERATE(table<std::string, std::string>({
        {"+CCHO: 000000000385a7cf", "000000000385a7cf"},  // Sierra
        {"+CCHO: \"3\"", "3"},
        {"+ccho:58992591,\"9000\"", "58992591"},
        {"7", "7"},
    }));
    io_context io;
    scripted_modem modem{
        io, after_start({"\r\n" + said + "\r\n" + ok, "\r\n+CGLA: 4,\"9000\"\r\n" + ok, ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    REQUIRE(tests::run(io, channel.transmit(apdu, usual_apdu_limit)));
    REQUIRE(tests::run(io, channel.close()));
    CHECK(modem.received()[4].starts_with("AT+CGLA=" + echoed + ",16,"));
    CHECK(modem.received()[5] == "AT+CCHC=" + echoed);
}

TEST_CASE("a modem that wants the name without quotation marks gets it so", "[at]")
{
    io_context io;
    const std::string opened = "\r\n+CCHO: 1\r\n" + ok;
    scripted_modem modem{io, after_start({"\r\nERROR\r\n", opened, ok, opened})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(modem.received()[4] == "AT+CCHO=A0000005591010FFFFFFFF8900000100");
    REQUIRE(tests::run(io, channel.close()));
    REQUIRE(tests::run(io, channel.open(aid)));
    CHECK(modem.received()[6] == "AT+CCHO=A0000005591010FFFFFFFF8900000100");
}

TEST_CASE("a session that comes behind the OK is read, too", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({ok, "\r\n+CCHO: 2\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(modem.received()[4] == "AT");
}

TEST_CASE("the class byte names the channel, or does not, as the modem wants it", "[at]")
{
    io_context io;
    const std::string good = "\r\n+CGLA: 4,\"9000\"\r\n" + ok;
    const std::string opened = "\r\n+CCHO: 2\r\n" + ok;
    SECTION("with the channel")
    {
        scripted_modem modem{io, after_start({opened, good})};
        at_channel channel{modem.device()};
        REQUIRE(tests::run(io, open(channel)));
        CHECK(tests::run(io, channel.transmit(apdu, usual_apdu_limit)));
        CHECK(modem.received()[4].find("\"82E2") != std::string::npos);
    }
    SECTION("without it, and this is found out once")
    {
        auto refused = GENERATE_COPY(std::string("\r\nERROR\r\n"), "\r\n+CGLA: 4,\"6E00\"\r\n" + ok,
            "\r\n+CGLA: 4,\"6881\"\r\n" + ok);
        scripted_modem modem{io, after_start({opened, refused, good, good})};
        at_channel channel{modem.device()};
        REQUIRE(tests::run(io, open(channel)));
        CHECK(tests::run(io, channel.transmit(apdu, usual_apdu_limit)));
        CHECK(tests::run(io, channel.transmit(apdu, usual_apdu_limit)));
        CHECK(modem.received()[5].find("\"80E2") != std::string::npos);
        CHECK(modem.received()[6].find("\"80E2") != std::string::npos);
    }
}

TEST_CASE("a handle says nothing of its channel: it is found out", "[at]")
{
    io_context io;
    const std::string wrong = "\r\n+CGLA: 4,\"6D00\"\r\n" + ok;
    const std::string good = "\r\n+CGLA: 4,\"9000\"\r\n" + ok;
    scripted_modem modem{
        io, after_start({"\r\n+CCHO: 000000000385a7cf\r\n" + ok, wrong, wrong, good})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(to_hex(tests::run(io, channel.transmit(apdu, usual_apdu_limit)).value()) == "9000");
    CHECK(modem.received()[6].find("\"82E2") != std::string::npos);
}

TEST_CASE("a SIM that is busy is waited for", "[at]")
{
    io_context io;
    auto busy = GENERATE("\r\n+CME ERROR: 14\r\n", "\r\n+CME ERROR: SIM busy\r\n");
    scripted_modem modem{io, after_start({busy, "\r\n+CCHO: 1\r\n" + ok})};
    at_channel channel{modem.device(), std::chrono::milliseconds(1)};
    CHECK(tests::run(io, open(channel)));
}

TEST_CASE("what the SIM lacks is told in its own words", "[at]")
{
    auto [code, what] = GENERATE(table<std::string, channel_errc>(
        {{"10", channel_errc::no_sim}, {"11", channel_errc::sim_pin},
            {"SIM PIN required", channel_errc::sim_pin}, {"12", channel_errc::sim_puk}}));
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CME ERROR: " + code + "\r\n"})};
    at_channel channel{modem.device()};
    auto opened = tests::run(io, open(channel));
    CHECK(opened.error() == what);
    CHECK(opened.error().kind() == failure_class::card);
}

TEST_CASE("a card without that application is told apart from a modem that refuses", "[at]")
{
    io_context io;
    const std::string error = "\r\n+CME ERROR: 13\r\n";
    scripted_modem modem{io, after_start({error, error, "\r\nERROR\r\n"})};
    at_channel channel{modem.device()};
    auto opened = tests::run(io, open(channel));
    CHECK(opened.error() == channel_errc::no_application);
    CHECK(opened.error().detail() == "AT+CCHO: SIM failure (+CME ERROR: 13)");
}

TEST_CASE("TERMINAL CAPABILITY is sent once, where no ISD-R was found", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CSIM: 4,\"9000\"\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, channel.acquire()));
    CHECK(tests::run(io, channel.announce_terminal()).value());
    CHECK(modem.received()[3].starts_with("AT+CSIM=30,\"80AA00000AA9"));
    CHECK_FALSE(tests::run(io, channel.announce_terminal()).value());
}

TEST_CASE("the IMEI is read in each form in which modems tell it", "[at]")
{
    auto told = GENERATE(std::deque<std::string>{"\r\n490154203237518\r\n"},
        std::deque<std::string>{"\r\n+CGSN: \"490154203237518\"\r\n"},
        std::deque<std::string>{"\r\n+CGSN: 490154203237518\r\n"},
        std::deque<std::string>{"\r\nSERIAL7\r\n", "\r\n+CGSN: \"490154203237518\"\r\n"});
    io_context io;
    std::deque<std::string> script{ok, "\r\n+CMEE: 1\r\n" + ok};
    for (const std::string& each : told)
        script.push_back(each + ok);
    scripted_modem modem{io, script};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, channel.acquire()));
    CHECK(tests::run(io, channel.imei()).value() == "490154203237518");
    bool asked_again = modem.received().back() == "AT+CGSN=1";
    CHECK(asked_again == (told.size() == 2));
}

TEST_CASE("a modem gets back its echo and its error codes", "[at]")
{
    io_context io;
    scripted_modem modem{io, {"ATE0\r" + ok, "\r\n+CMEE: 2\r\n" + ok, ok, imei}};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, channel.acquire()));
    CHECK(modem.received()[2] == "AT+CMEE=1");
    channel.release();
    io.restart();
    io.run_for(std::chrono::milliseconds(20));
    CHECK(modem.received().back() == "ATE1+CMEE=2");
}

TEST_CASE("a silent modem ends at the limit, and its late answer misleads nobody", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CCHO: 1\r\n" + ok, "silent"})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    auto answer = tests::run(io, channel.transmit(apdu, std::chrono::milliseconds(50)));
    CHECK(answer.error() == channel_errc::silent);
    CHECK(tests::run(io, channel.transmit(apdu, usual_apdu_limit)).error()
          == channel_errc::card_gone);
}

TEST_CASE("an answer whose caller was cancelled is not taken for the next one's", "[at]")
{
    io_context io;
    scripted_modem modem{
        io, after_start({"\r\n+CCHO: 1\r\n" + ok, "silent", "\r\n+CGLA: 4,\"9000\"\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    boost::asio::cancellation_signal stop;
    bool is_cancelled = false;
    boost::asio::co_spawn(io, channel.transmit(apdu, usual_apdu_limit),
        boost::asio::bind_cancellation_slot(stop.slot(),
            [&](std::exception_ptr e, result<bytes>) { is_cancelled = e != nullptr; }));
    io.restart();
    io.run_for(std::chrono::milliseconds(30));
    stop.emit(boost::asio::cancellation_type::terminal);
    io.run_for(std::chrono::milliseconds(30));
    CHECK(is_cancelled);
    modem.say("\r\n+CGLA: 8,\"DEAD9000\"\r\n\r\nOK\r\n");
    auto answer = tests::run(io, channel.transmit(apdu, usual_apdu_limit));
    CHECK(to_hex(answer.value()) == "9000");
}

TEST_CASE("an answer to somebody else's command does not shift all that follow", "[at]")
{
    io_context io;
    // The first OK belongs to a command of a program that was killed.
    scripted_modem modem{io, {"\r\nOK\r\n\r\nOK\r\n", "\r\nOK\r\n", imei, "\r\n+CCHO: 1\r\n" + ok}};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(tests::run(io, channel.imei()).value() == "490154203237518");
}

TEST_CASE("a modem that is unplugged is gone, and one that is not there is named", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CCHO: 1\r\n" + ok, "silent"})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    modem.unplug();
    auto answer = tests::run(io, channel.transmit(apdu, usual_apdu_limit));
    CHECK(answer.error() == channel_errc::card_gone);
    at_channel missing{"/dev/nothing-here"};
    auto opened = tests::run(io, missing.acquire());
    CHECK(opened.error() == channel_errc::no_device);
    CHECK(opened.error().detail() == "/dev/nothing-here: No such file or directory");
}

TEST_CASE("two programs never have one modem", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({})};
    at_channel first{modem.device()};
    REQUIRE(tests::run(io, first.acquire()));
    at_channel second{modem.device()};
    auto taken = tests::run(io, second.acquire());
    CHECK(taken.error() == channel_errc::busy);
    CHECK(taken.error().detail().find(" (process " + std::to_string(::getpid()) + ")")
          != std::string::npos);
}
