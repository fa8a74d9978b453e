#include "platform/isd_r.hpp"

#include "platform/at/at_channel.hpp"
#include "platform/socket/socket_channel.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_card.hpp"

#include "tests/support/catch.hpp"

using namespace platform;
using boost::asio::io_context;
using tests::scripted_card;

namespace {

const std::string channel_1 = "019000";
const std::string selected = "9000";

/// An ISD-R on a scripted card, opened.
struct bench {
    explicit bench(std::deque<std::string> script, isd_r_settings settings = {})
        : card(io, with_start(std::move(script)))
        , channel(card.path())
        , isd(channel, std::move(settings), log)
    {
        opened = tests::run(io, isd.open());
    }

    static std::deque<std::string> with_start(std::deque<std::string> script)
    {
        script.insert(script.begin(), {channel_1, selected});
        return script;
    }

    result<bytes> store(std::size_t size)
    {
        return tests::run(io, isd.store_data(bytes(size, 0xbf)));
    }
    /// The APDU number `index` after the channel was opened.
    std::string sent(std::size_t index) const { return card.received().at(index + 2); }

    io_context io;
    logger log{log_level::error};
    scripted_card card;
    socket::socket_channel channel;
    isd_r isd;
    result<void> opened;
};

}  // namespace

TEST_CASE("a command of one segment goes out as one STORE DATA", "[isd-r]")
{
    bench with{{"9000"}};
    REQUIRE(with.opened);
    CHECK(with.store(3).value().empty());
    CHECK(with.sent(0) == "81E2910003BFBFBF");
}

TEST_CASE("a longer command goes out in numbered segments of 255 octets", "[isd-r]")
{
    bench with{{"9000", "9000", "9000"}};
    CHECK(with.store(600));
    CHECK(with.sent(0).substr(0, 10) == "81E21100FF");
    CHECK(with.sent(1).substr(0, 10) == "81E21101FF");
    CHECK(with.sent(2).substr(0, 10) == "81E291025A");
    CHECK(with.sent(2).size() == 10 + 2 * 90);
}

TEST_CASE("answers that wait are fetched with GET RESPONSE, piece by piece", "[isd-r]")
{
    bench with{{"6100", "01026101", "039000"}};
    CHECK(with.store(3).value() == bytes{1, 2, 3});
    CHECK(with.sent(1) == "81C0000000");
    CHECK(with.sent(2) == "81C0000001");
}

TEST_CASE("a wrong Le is mended with the one that the card names", "[isd-r]")
{
    bench with{{"6103", "6C02", "01029000"}};
    CHECK(with.store(3).value() == bytes{1, 2});
    CHECK(with.sent(2) == "81C0000002");
}

TEST_CASE("a proactive command that waits does not spoil an answer", "[isd-r]")
{
    bench with{{"9110"}};
    CHECK(with.store(3));
}

TEST_CASE("segments shrink to 120 and then to the configured size, and stay so", "[isd-r]")
{
    isd_r_settings settings;
    settings.least_segment = 50;
    bench with{{"6700", "6700", "9000", "9000", "9000", "9000", "9000", "9000", "9000"}, settings};
    SECTION("when both 255 and 120 are refused")
    {
        CHECK(with.store(300));
        CHECK(with.sent(2).substr(0, 10) == "81E2110032");
        CHECK(with.isd.segment_size() == 50);
    }
    SECTION("when 255 is refused, 120 is taken")
    {
        bench once{{"6700", "9000", "9000", "9000", "9000", "9000"}, settings};
        CHECK(once.store(300));
        CHECK(once.sent(1).substr(0, 10) == "81E2110078");
        CHECK(once.store(200));
        CHECK(once.sent(4).substr(0, 10) == "81E2110078");
    }
}

TEST_CASE("a size that is refused late makes the command begin again in smaller ones", "[isd-r]")
{
    auto word = GENERATE("6700", "6601");
    bench with{{"9000", "9000", word, "9000", "9000", "9000"}};
    CHECK(with.store(300));
    CHECK(with.store(300));
    CHECK(with.sent(2).substr(0, 10) == "81E21100FF");
    CHECK(with.sent(3).substr(0, 10) == "81E2110078");
    CHECK(with.isd.segment_size() == 120);
}

TEST_CASE("a short command that is refused is the card's doing, not the size's", "[isd-r]")
{
    bench with{{"6700"}};
    auto refused = with.store(40);
    CHECK(refused.error() == channel_errc::card_refused);
    CHECK(refused.error().detail() == "status word 6700, wrong length");
    CHECK(with.isd.segment_size() == 255);
}

TEST_CASE(
    "a modem that refuses a last segment of a known size gets smaller ones next time", "[isd-r]")
{
    // The card may have carried it out: it is not sent again.
    io_context io;
    logger log{log_level::error};
    const std::string ok = "\r\nOK\r\n";
    const std::string good = "\r\n+CGLA: 4,\"9000\"\r\n" + ok;
    tests::scripted_modem modem{io, {ok, "\r\n+CMEE: 1\r\n" + ok, "\r\n490154203237518\r\n" + ok,
                                        "\r\n+CCHO: 1\r\n" + ok, good, "\r\nERROR\r\n", good}};
    at::at_channel channel{modem.device()};
    isd_r isd{channel, {}, log};
    REQUIRE(tests::run(io, isd.open()));
    CHECK(tests::run(io, isd.store_data(bytes(200, 0xbf))));
    CHECK(tests::run(io, isd.store_data(bytes(200, 0xbf))).error() == channel_errc::refused);
    CHECK(modem.received().size() == 6);
    CHECK(isd.segment_size() == 120);
}

TEST_CASE("the size that was found is remembered for its path", "[isd-r]")
{
    tests::temporary_directory files;
    isd_r_settings settings;
    settings.memory = segment_memory(files.path() + "/segment", "/dev/ttyUSB2");
    bench first{{"6700", "9000", "9000"}, settings};
    CHECK(first.store(200));
    bench same{{"9000", "9000"}, settings};
    CHECK(same.store(200));
    CHECK(same.sent(0).substr(0, 10) == "81E2110078");
    settings.memory = segment_memory(files.path() + "/segment", "/dev/ttyUSB3");
    bench another{{"9000"}, settings};
    CHECK(another.store(200));
    CHECK(another.sent(0).substr(0, 10) == "81E29100C8");
}

TEST_CASE("status words that are errors are named", "[isd-r]")
{
    auto [word, words] = GENERATE(table<std::string, std::string>(
        {{"6A80", "wrong data"}, {"6A88", "not found"}, {"6985", "conditions of use not satisfied"},
            {"6F00", "card fault without a reason"}, {"6999", "error"}}));
    bench with{{word}};
    auto refused = with.store(3);
    CHECK(refused.error() == channel_errc::card_refused);
    CHECK(refused.error().detail() == "status word " + word + ", " + words);
}

TEST_CASE("a card that is taken out is gone", "[isd-r]")
{
    bench with{{""}};
    CHECK(with.store(3).error() == channel_errc::card_gone);
    CHECK_FALSE(with.isd.is_open());
}

TEST_CASE("an answer that never ends is given up", "[isd-r]")
{
    std::deque<std::string> endless(2'000, "0061FF");
    bench with{endless};
    CHECK(with.store(3).error() == channel_errc::malformed_answer);
}

TEST_CASE("the names that removable eUICCs use are tried in order", "[isd-r]")
{
    io_context io;
    logger log{log_level::error};
    // channel, not found, closed; channel, found
    scripted_card card{io, {channel_1, "6A82", "9000", channel_1, "610A"}};
    socket::socket_channel channel{card.path()};
    isd_r isd{channel, {}, log};
    REQUIRE(tests::run(io, isd.open()));
    CHECK(card.received()[1] == "01A4040010A0000005591010FFFFFFFF8900000100");
    CHECK(card.received()[2] == "0070800100");
    CHECK(card.received()[4] == "01A4040010A0000005591010FFFFFFFF8900050500");
}

TEST_CASE("a card without any ISD-R is no eUICC", "[isd-r]")
{
    io_context io;
    logger log{log_level::error};
    std::deque<std::string> script;
    for (std::size_t i = 0; i < known_isd_r_aids().size(); ++i)
        script.insert(script.end(), {channel_1, "6A82", "9000"});
    scripted_card card{io, script};
    socket::socket_channel channel{card.path()};
    isd_r isd{channel, {}, log};
    CHECK(tests::run(io, isd.open()).error() == channel_errc::no_euicc);
}

TEST_CASE("stale channels are closed when none is free", "[isd-r]")
{
    io_context io;
    logger log{log_level::error};
    scripted_card card{io, {"6A81", "9000", channel_1, "9000"}};
    socket::socket_channel channel{card.path()};
    isd_r isd{channel, {}, log};
    REQUIRE(tests::run(io, isd.open()));
    CHECK(card.received()[1] == "0070800300");
}

TEST_CASE("the class byte names logical channels 1 to 3 and 4 to 19", "[isd-r]")
{
    CHECK(class_for(0x80, 1) == 0x81);
    CHECK(class_for(0x00, 3) == 0x03);
    CHECK(class_for(0x80, 4) == 0xc0);
    CHECK(class_for(0x00, 19) == 0x4f);
}

TEST_CASE("a card that has its ISD-R under another name than the one before is found", "[isd-r]")
{
    bench with{{"9000",                                    // the first is closed
        channel_1, "6A82", "9000", channel_1, selected}};  // the second has another name
    REQUIRE(with.opened);
    REQUIRE(tests::run(with.io, with.isd.close()));
    CHECK(tests::run(with.io, with.isd.open()));
}
