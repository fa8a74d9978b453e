#include "platform/at/at_channel.hpp"

#include "platform/timeout.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_card.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
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
    rest.insert(rest.begin(), {"ATE0\r" + ok, ok, imei});
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

TEST_CASE("channels that an earlier run left open are closed, and the ISD-R tried again", "[at]")
{
    io_context io;
    scripted_modem modem{io, after_start({"\r\n+CME ERROR: 13\r\n", ok, ok, ok, "\r\n1\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(modem.received()[4] == "AT+CCHC=1");
    CHECK(modem.received()[7].starts_with("AT+CCHO="));
}

TEST_CASE("a modem without AT+CCHO is spoken to by AT+CSIM", "[at]")
{
    io_context io;
    const std::string error = "\r\nERROR\r\n";
    scripted_modem modem{
        io, after_start({error, error, error, error, error, "\r\n+CSIM: 6,\"019000\"\r\n" + ok,
                "\r\n+CSIM: 4,\"6112\"\r\n" + ok, "\r\n+CSIM: 4,\"9000\"\r\n" + ok})};
    at_channel channel{modem.device()};
    REQUIRE(tests::run(io, open(channel)));
    CHECK(tests::run(io, channel.transmit(apdu, usual_apdu_limit)));
    CHECK(modem.received()[8] == "AT+CSIM=10,\"0070000001\"");
    CHECK(modem.received()[9] == "AT+CSIM=42,\"01A4040010A0000005591010FFFFFFFF8900000100\"");
    CHECK(modem.received()[10] == "AT+CSIM=16,\"81E2910003BF2000\"");
}

TEST_CASE("a card without that application is told apart from a modem that refuses", "[at]")
{
    io_context io;
    const std::string error = "\r\n+CME ERROR: 10\r\n";
    scripted_modem modem{io, after_start({error, ok, ok, ok, error, "\r\nERROR\r\n"})};
    at_channel channel{modem.device()};
    auto opened = tests::run(io, open(channel));
    CHECK(opened.error() == channel_errc::no_application);
    CHECK(opened.error().detail() == "AT+CCHO: SIM not inserted (+CME ERROR: 10)");
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
