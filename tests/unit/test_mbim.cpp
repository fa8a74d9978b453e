#include "platform/device_lock.hpp"
#include "platform/little_endian.hpp"
#include "platform/mbim/mbim_channel.hpp"
#include "platform/mbim/mbim_control.hpp"
#include "platform/storage.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/framed_peer.hpp"
#include "tests/support/run.hpp"

#include <algorithm>
#include <map>

using namespace platform;
using boost::asio::io_context;
using mbim::mbim_channel, mbim::status;

namespace {

const bytes aid = *from_hex("A0000005591010FFFFFFFF8900000100");
const bytes store_data = *from_hex("80E2910003BF2000");
constexpr std::uint32_t open_channel = 2;
constexpr std::uint32_t close_channel = 3;
constexpr std::uint32_t apdu = 4;

struct answered {
    std::uint32_t status = 0;
    std::string information{};  // in hexadecimal digits
};

/// The octets of COMMAND_DONE behind the fragments' header, for that command.
bytes done_part(const bytes& command, const answered& what)
{
    bytes out;
    append(out, byte_view(command).subspan(20, 20));  // service and id
    append_le32(out, what.status);
    bytes information = *from_hex(what.information);
    append_le32(out, static_cast<std::uint32_t>(information.size()));
    append(out, information);
    return out;
}

bytes wrap(std::uint32_t type, std::uint32_t transaction, byte_view body)
{
    bytes out;
    append_le32(out, type);
    append_le32(out, static_cast<std::uint32_t>(12 + body.size()));
    append_le32(out, transaction);
    append(out, body);
    return out;
}

bytes fragment(const bytes& command, unsigned count, unsigned number, byte_view part)
{
    bytes body;
    append_le32(body, count);
    append_le32(body, number);
    append(body, part);
    return wrap(0x80000003, le32_at(command, 8), body);
}

bytes response(const bytes& request, const answered& what)
{
    bytes success(4);
    std::uint32_t type = le32_at(request, 0);
    if (type != 3)
        return wrap(type | 0x80000000U, le32_at(request, 8), success);
    return fragment(request, 1, 0, done_part(request, what));
}

/// The command's number; 0 for what is none, or not the card's.
std::uint32_t card_command(const bytes& request)
{
    bool is_cards = request.size() >= 48
                    && std::ranges::equal(byte_view(request).subspan(20, 16), mbim::uicc_access);
    return is_cards ? le32_at(request, 36) : 0;
}

/// A modem that knows one way of opening, or both.
class modem {
public:
    enum class knows { both, plain, extended };

    explicit modem(io_context& io, knows what = knows::both)
        : knows_(what), peer_(io, mbim::length_of, [this](const bytes& request) {
            return response(request, answer(request));
        })
    {
    }

    tests::framed_peer& peer() { return peer_; }
    std::string name() const { return peer_.name(); }
    /// The card's commands of that number, in hexadecimal digits from their information on.
    std::vector<std::string> commands(std::uint32_t id) const
    {
        std::vector<std::string> out;
        for (const bytes& each : peer_.received())
            if (card_command(each) == id)
                out.push_back(to_hex(byte_view(each).subspan(48)));
        return out;
    }

private:
    answered answer(const bytes& request) const
    {
        constexpr std::uint32_t failure = 2;
        switch (card_command(request)) {
        case open_channel: {
            bool is_extended = le32_at(request, 56) == 0x0c;
            if (knows_ == (is_extended ? knows::plain : knows::extended))
                return {failure, ""};
            return {0, "90000000"
                       "01000000"
                       "00000000"
                       "00000000"};
        }
        case apdu:
            return {0, "90000000"
                       "02000000"
                       "0C000000"
                       "BF200000"};
        case close_channel: return {0, "90000000"};
        default: return {};
        }
    }

    knows knows_;
    tests::framed_peer peer_;
};

task<void> open(mbim_channel& channel)
{
    auto acquired = co_await channel.acquire();
    if (!acquired)
        co_return acquired.error();
    auto opened = co_await channel.open(aid);
    co_return opened;
}

mbim_channel channel_by(const std::string& proxy, const std::string& device)
{
    return mbim_channel(device, proxy, std::chrono::milliseconds(1));
}

}  // namespace

TEST_CASE("an MBIM command is a message of one fragment", "[mbim]")
{
    mbim::command asked;
    asked.of = mbim::basic_connect;
    asked.id = 9;
    asked.information = *from_hex("01020304");
    CHECK(to_hex(mbim::command_message(5, asked))
          == "03000000"
             "34000000"
             "05000000"
             "01000000"
             "00000000"
             "A289CC33BCBB8B4FB6B0133EC2AAE6DF"
             "09000000"
             "00000000"
             "04000000"
             "01020304");
    CHECK(to_hex(mbim::open_message(1))
          == "01000000"
             "10000000"
             "01000000"
             "00100000");
}

TEST_CASE("an MBIM message that is cut, or lies about its lengths, is none", "[mbim]")
{
    CHECK(mbim::length_of(*from_hex("0300000034")) == 0U);
    CHECK(mbim::length_of(*from_hex("0300000034000000")) == 52U);
    CHECK_FALSE(mbim::length_of(*from_hex("0300000003000000")));
    CHECK_FALSE(mbim::length_of(*from_hex("03000000FFFFFFFF")));
    CHECK_FALSE(mbim::parse(*from_hex("0300008034000000")));
    CHECK_FALSE(mbim::parse(*from_hex("030000801400000001000000"
                                      "0100000001000000")));
    CHECK(mbim::sized_field(*from_hex("04000000FFFFFFFF"), 0).empty());
    CHECK(mbim::offset_field(*from_hex("0800000002000000"
                                       "4100"),
              0)
              .size()
          == 2);
    CHECK(mbim::text_in(*from_hex("410042002A26")) == "AB?");
}

TEST_CASE("the card in an MBIM modem is reached through the proxy, in the first way", "[mbim]")
{
    io_context io;
    modem behind{io};
    mbim_channel channel = channel_by(behind.name(), "/no/such/cdc-wdm0");
    REQUIRE(tests::run(io, open(channel)));
    auto answer = tests::run(io, channel.transmit(store_data, usual_apdu_limit));
    CHECK(to_hex(answer.value()) == "BF209000");
    REQUIRE(tests::run(io, channel.close()));

    // The proxy is told the device; size comes before offset in what follows.
    CHECK(to_hex(behind.peer().received()[0]).find("2F006E006F002F007300") != std::string::npos);
    CHECK(behind.commands(open_channel)
          == std::vector<std::string>{"10000000"
                                      "10000000"
                                      "00000000"
                                      "73650000"
                                      "A0000005591010FFFFFFFF8900000100"});
    CHECK(behind.commands(apdu)
          == std::vector<std::string>{"01000000"
                                      "00000000"
                                      "00000000"
                                      "08000000"
                                      "14000000"
                                      "81E2910003BF2000"});
    CHECK(behind.commands(close_channel)
          == std::vector<std::string>{"01000000"
                                      "73650000"});
}

TEST_CASE("a modem that knows only the second way is spoken to in that", "[mbim]")
{
    io_context io;
    modem behind{io, modem::knows::extended};
    mbim_channel channel = channel_by(behind.name(), "/no/such/cdc-wdm1");
    REQUIRE(tests::run(io, open(channel)));
    REQUIRE(tests::run(io, channel.transmit(store_data, usual_apdu_limit)));
    // With Le, and the extended class byte.
    CHECK(behind.commands(apdu)
          == std::vector<std::string>{"01000000"
                                      "00000000"
                                      "01000000"
                                      "09000000"
                                      "14000000"
                                      "81E2910003BF200000"});
    CHECK(behind.commands(open_channel).size() == 2);
}

TEST_CASE(
    "a first APDU that is refused is said in the other way, on a channel of its own", "[mbim]")
{
    io_context io;
    std::vector<std::uint32_t> seen;
    tests::framed_peer odd{io, mbim::length_of, [&seen](const bytes& request) {
                               std::uint32_t id = card_command(request);
                               seen.push_back(id);
                               bool is_plain = id == apdu && le32_at(request, 56) == 0;
                               if (is_plain)
                                   return response(request, {0, "6E000000"
                                                                "00000000"
                                                                "0C000000"});
                               if (id == apdu)
                                   return response(request, {0, "90000000"
                                                                "02000000"
                                                                "0C000000"
                                                                "BF200000"});
                               return response(request, {0, "90000000"
                                                            "01000000"
                                                            "00000000"
                                                            "00000000"});
                           }};
    mbim_channel channel = channel_by(odd.name(), "/no/such/cdc-wdm2");
    REQUIRE(tests::run(io, open(channel)));
    auto answer = tests::run(io, channel.transmit(store_data, usual_apdu_limit));
    CHECK(to_hex(answer.value()) == "BF209000");
    REQUIRE(tests::run(io, channel.transmit(store_data, usual_apdu_limit)));
    std::erase(seen, 0U);
    CHECK(
        seen
        == std::vector<std::uint32_t>{open_channel, apdu, close_channel, open_channel, apdu, apdu});
}

TEST_CASE("an answer in fragments is put together, and a gap in it noticed", "[mbim]")
{
    for (bool is_whole : {true, false}) {
        io_context io;
        tests::framed_peer peer{
            io, mbim::length_of, [is_whole](const bytes& request) {
                if (card_command(request) != open_channel)
                    return response(request, {});
                bytes all = done_part(request, {0, "90000000"
                                                   "01000000"
                                                   "00000000"
                                                   "00000000"});
                // An indication in between is nobody's answer.
                bytes out = fragment(request, 2, 0, byte_view(all).first(20));
                append(out, wrap(0x80000007, 0, *from_hex("0100000000000000")));
                append(out, fragment(request, 2, is_whole ? 1 : 0, byte_view(all).subspan(20)));
                return out;
            }};
        mbim_channel channel = channel_by(peer.name(), "/no/such/cdc-wdm3");
        auto opened = tests::run(io, open(channel));
        CHECK(opened.has_value() == is_whole);
        if (!is_whole)
            CHECK(opened.error() == channel_errc::malformed_answer);
    }
}

TEST_CASE("what an MBIM modem says about its card is told in the card's own terms", "[mbim]")
{
    struct sample {
        answered said;
        channel_errc means;
    } samples[] = {
        {{0x87430002, "6A820000000000000000000000000000"}, channel_errc::no_application},
        {{0x87430001, "6A810000000000000000000000000000"}, channel_errc::card_refused},
        {{3, ""}, channel_errc::no_sim},
        {{5, ""}, channel_errc::sim_pin},
        {{9, ""}, channel_errc::refused},
        {{2, ""}, channel_errc::no_application},
    };
    for (const sample& each : samples) {
        io_context io;
        tests::framed_peer peer{io, mbim::length_of, [&each](const bytes& request) {
                                    return response(request, card_command(request) == open_channel
                                                                 ? each.said
                                                                 : answered{});
                                }};
        mbim_channel channel = channel_by(peer.name(), "/no/such/cdc-wdm4");
        auto opened = tests::run(io, open(channel));
        REQUIRE_FALSE(opened);
        CHECK(opened.error() == each.means);
    }
}

TEST_CASE("a channel that was left open in an MBIM modem is closed by the next process", "[mbim]")
{
    io_context io;
    modem behind{io};
    std::string device = "/no/such/cdc-wdm5";
    std::string name = device;
    std::ranges::replace(name, '/', '_');
    std::string file = lock_directory() + "/LCK.." + name;
    std::string written;
    {
        mbim_channel killed = channel_by(behind.name(), device);
        REQUIRE(tests::run(io, open(killed)));
        written = read_file(file).value();
        killed.release();
    }
    CHECK(written.find("mbim channel 1\n") != written.npos);
    REQUIRE(write_file(file, written));
    mbim_channel next = channel_by(behind.name(), device);
    next.on_word([](const std::string&) {});
    REQUIRE(tests::run(io, next.acquire()));
    CHECK(behind.commands(close_channel).size() == 1);
}

TEST_CASE("the registration of an MBIM modem is what it says", "[mbim]")
{
    auto told = [](const std::string& state) {
        return mbim::registration_in(*from_hex("00000000" + state
                                               + "000000"
                                                 "000000000000000000000000"
                                                 "2400000000000000"
                                                 "2400000004000000"
                                                 "54004500"));
    };
    CHECK(told("03").state == registration_state::home);
    CHECK(told("05").state == registration_state::roaming);
    CHECK(told("01").state == registration_state::none);
    CHECK(told("02").state == registration_state::searching);
    CHECK(told("06").state == registration_state::denied);
    CHECK(told("03").network == "TE");
    CHECK(mbim::registration_in({}).state == registration_state::unknown);
}
