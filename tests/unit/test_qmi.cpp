#include "platform/device_lock.hpp"
#include "platform/little_endian.hpp"
#include "platform/qmi/qmi_channel.hpp"
#include "platform/qmi/qmi_control.hpp"
#include "platform/storage.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/framed_peer.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <map>

using namespace platform;
using boost::asio::io_context;
using qmi::qmi_channel, qmi::service;
using tests::framed_peer;

namespace {

const bytes aid = *from_hex("A0000005591010FFFFFFFF8900000100");
const bytes store_data = *from_hex("80E2910003BF2000");

struct answered {
    unsigned error = 0;
    std::string parameters{};  // TLVs in hexadecimal digits
};

/// A response to that request, with what comes before its own TLVs.
bytes response(const bytes& request, const answered& what)
{
    bool is_control = request[4] == 0;
    bytes parameters = *from_hex("020400");
    append_le16(parameters, what.error == 0 ? 0 : 1);
    append_le16(parameters, what.error);
    append(parameters, *from_hex(what.parameters));
    bytes body{static_cast<std::uint8_t>(is_control ? 1 : 2)};
    std::size_t number = is_control ? 1 : 2;
    append(body, byte_view(request).subspan(7, number + 2));  // transaction and message
    append_le16(body, static_cast<unsigned>(parameters.size()));
    append(body, parameters);
    bytes out{0x01};
    append_le16(out, static_cast<unsigned>(body.size() + 5));
    append(out, bytes{0x80, request[4], request[5]});
    append(out, body);
    return out;
}

unsigned id_of(const bytes& request)
{
    return le16_at(request, request[4] == 0 ? 8 : 9);
}

/// A modem that says to each message id what the script says, else what a good one says.
class modem {
public:
    explicit modem(io_context& io, std::map<unsigned, answered> script = {})
        : script_(std::move(script))
        , peer_(io, qmi::length_of, [this](const bytes& request) { return answer(request); })
    {
    }

    std::string name() const { return peer_.name(); }
    framed_peer& peer() { return peer_; }
    /// How often that message came, and the last of them.
    int count(unsigned id) const
    {
        auto is_it = [id](const bytes& each) { return id_of(each) == id; };
        return static_cast<int>(std::ranges::count_if(peer_.received(), is_it));
    }
    bytes last(unsigned id) const
    {
        bytes out;
        for (const bytes& each : peer_.received())
            if (id_of(each) == id)
                out = each;
        return out;
    }
    void now(unsigned id, answered what) { script_[id] = std::move(what); }

private:
    bytes answer(const bytes& request)
    {
        if (auto said = script_.find(id_of(request)); said != script_.end())
            return response(request, said->second);
        switch (id_of(request)) {
        case 0x0022: return response(request, {0, "010200" + to_hex(bytes{request.back(), 5})});
        case 0x0042:
            return response(request, {0, "10010001"
                                         "1102009000"});
        case 0x003b:
            return response(request, {0, "100600"
                                         "0400BF209000"});
        default: return response(request, {});
        }
    }

    std::map<unsigned, answered> script_;
    framed_peer peer_;
};

task<void> open(qmi_channel& channel)
{
    auto acquired = co_await channel.acquire();
    if (!acquired)
        co_return acquired.error();
    auto opened = co_await channel.open(aid);
    co_return opened;
}

qmi_channel channel_by(const modem& by, const std::string& device, unsigned slot = 0)
{
    return qmi_channel(device, slot, by.name(), std::chrono::milliseconds(1));
}

std::string lock_file(std::string device)
{
    std::ranges::replace(device, '/', '_');
    return lock_directory() + "/LCK.." + device;
}

}  // namespace

TEST_CASE("a QMI request is a frame with its service's message and parameters", "[qmi]")
{
    qmi::message asked;
    asked.id = 0xff00;
    asked.transaction = 1;
    asked.parameters.push_back({0x01, bytes()});
    append(asked.parameters.back().value, view_of("/dev/null"));
    CHECK(to_hex(qmi::to_wire(asked))
          == "01170000000000"
             "01"
             "00FF"
             "0C00"
             "010900"
             "2F6465762F6E756C6C");

    qmi::message of_sim;
    of_sim.of = service::sim;
    of_sim.client = 7;
    of_sim.transaction = 0x0102;
    of_sim.id = 0x0047;
    CHECK(to_hex(qmi::to_wire(of_sim))
          == "010C00000B07"
             "00"
             "0201"
             "4700"
             "0000");
}

TEST_CASE("a QMI frame that is cut, or lies about its lengths, is none", "[qmi]")
{
    bytes whole = *from_hex("011300800B07"
                            "02"
                            "0201"
                            "4700"
                            "0700"
                            "02040000000000");
    auto parsed = qmi::parse(whole);
    REQUIRE(parsed);
    CHECK(parsed->is_response);
    CHECK(parsed->transaction == 0x0102);
    CHECK(qmi::error_in(*parsed) == 0);
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(qmi::parse(byte_view(whole).first(size)));
    whole[14] = 0x05;  // the parameter's length
    CHECK_FALSE(qmi::parse(whole));
    CHECK(qmi::length_of(*from_hex("0113")) == 0U);
    CHECK(qmi::length_of(*from_hex("011300")) == 20U);
    CHECK_FALSE(qmi::length_of(*from_hex("02")));
}

TEST_CASE("slots are read as far as they are whole", "[qmi]")
{
    auto slots = qmi::slots_in(*from_hex("02"
                                         "0200000001000000"
                                         "01"
                                         "0A"
                                         "98990901000000247000"
                                         "0100000000000000"
                                         "00"
                                         "00"));
    REQUIRE(slots.size() == 2);
    CHECK(slots[0].is_active);
    CHECK(slots[0].has_card);
    CHECK(slots[0].iccid == "89999010000000420700");
    CHECK_FALSE(slots[1].is_active);
    CHECK(qmi::slots_in(*from_hex("02"
                                  "02000000"))
              .empty());
}

TEST_CASE(
    "the card in a QMI modem is reached through the proxy, and its client id given back", "[qmi]")
{
    io_context io;
    modem behind{io};
    std::string device = "/no/such/cdc-wdm0";  // the proxy's business
    qmi_channel channel = channel_by(behind, device);
    REQUIRE(tests::run(io, open(channel)));
    auto answer = tests::run(io, channel.transmit(store_data, usual_apdu_limit));
    CHECK(to_hex(answer.value()) == "BF209000");
    // To the channel that was opened, named in the class byte, too.
    CHECK(to_hex(behind.last(0x003b))
              .ends_with("010100"
                         "01"
                         "020A00"
                         "0800"
                         "81E2910003BF2000"
                         "100100"
                         "01"));
    REQUIRE(tests::run(io, channel.close()));
    CHECK(to_hex(behind.last(0x003f))
              .ends_with("010100"
                         "01"
                         "110100"
                         "01"));
    CHECK(to_hex(behind.last(0x0023)).ends_with("0102000B05"));
    channel.release();
    CHECK_FALSE(read_file(lock_file(device)));
}

TEST_CASE(
    "a client id is written down while it is used, and given back by the next process", "[qmi]")
{
    io_context io;
    modem behind{io};
    std::string device = "/no/such/cdc-wdm1";
    {
        qmi_channel killed = channel_by(behind, device);
        REQUIRE(tests::run(io, open(killed)));
        std::string written = read_file(lock_file(device)).value();
        CHECK(written.find("qmi 11:5 channel 1\n") != written.npos);
        // As after kill -9: the note outlives the process.
        tests::run(io, killed.close()).value();
        killed.release();
        REQUIRE(write_file(lock_file(device), written));
    }
    int before = behind.count(0x0023);
    qmi_channel next = channel_by(behind, device);
    std::string said;
    next.on_word([&said](const std::string& words) { said += words; });
    REQUIRE(tests::run(io, next.acquire()));
    CHECK(behind.count(0x0023) == before + 1);
    CHECK(to_hex(behind.last(0x003f))
              .ends_with("110100"
                         "01"));
    CHECK(said.find("when it was killed") != said.npos);
}

TEST_CASE("a note in a lock file names clients and a channel, or nothing", "[qmi]")
{
    auto left = qmi::left_behind_in("qmi 11:5,2:3 channel 1");
    CHECK(left.clients == std::vector<std::pair<std::uint8_t, std::uint8_t>>{{11, 5}, {2, 3}});
    CHECK(left.channel == 1);
    for (const char* odd : {"", "ccho 1", "qmi ", "qmi x:y", "qmi 999:1", "qmi 11", "qmi -1:5"})
        CHECK(qmi::left_behind_in(odd).clients.empty());
}

TEST_CASE(
    "an ISD-R that is not there is worth another name, whatever word the modem has for it", "[qmi]")
{
    struct sample {
        answered said;
        channel_errc means;
    } samples[] = {
        {{3, "1102006A82"}, channel_errc::no_application},
        {{3, ""}, channel_errc::no_application},
        {{3, "1102006A81"}, channel_errc::card_refused},
        {{102, ""}, channel_errc::no_sim},
        {{36, ""}, channel_errc::sim_puk},
    };
    for (const sample& each : samples) {
        io_context io;
        modem behind{io, {{0x0042, each.said}}};
        qmi_channel channel = channel_by(behind, "/no/such/cdc-wdm2");
        auto opened = tests::run(io, open(channel));
        REQUIRE_FALSE(opened);
        CHECK(opened.error() == each.means);
    }
}

TEST_CASE("a SIM that the modem still reads is waited for", "[qmi]")
{
    io_context io;
    modem behind{io, {{0x0042, {52, ""}}}};
    qmi_channel channel = channel_by(behind, "/no/such/cdc-wdm3");
    channel.on_word([](const std::string&) {});
    boost::asio::steady_timer ready{io, std::chrono::milliseconds(20)};
    ready.async_wait([&behind](error_code) {
        behind.now(0x0042, {0, "10010002"
                               "1102009000"});
    });
    REQUIRE(tests::run(io, open(channel)));
    CHECK(behind.count(0x0042) > 1);
}

TEST_CASE("the modem is switched to the SIM slot that is wanted, if it is another", "[qmi]")
{
    io_context io;
    std::string two = "101500"
                      "02"
                      "0200000001000000"
                      "01"
                      "00"
                      "0200000000000000"
                      "00"
                      "00";
    modem behind{io, {{0x0047, {0, two}}}};
    for (unsigned wanted : {1U, 2U, 3U}) {
        qmi_channel channel = channel_by(behind, "/no/such/cdc-wdm4", wanted);
        auto acquired = tests::run(io, channel.acquire());
        CHECK(acquired.has_value() == (wanted <= 2));
        CHECK(behind.count(0x0046) == (wanted == 1 ? 0 : 1));
    }
    CHECK(to_hex(behind.last(0x0046))
              .ends_with("010100"
                         "01"
                         "020400"
                         "02000000"));
}

TEST_CASE("indications, and answers to somebody else, are passed over", "[qmi]")
{
    io_context io;
    modem behind{io};
    tests::framed_peer chatty{
        io, qmi::length_of, [](const bytes& request) {
            bytes late =
                request;  // the same transaction, but a request; and another client's answer
            bytes out = *from_hex("010C00800BFF"
                                  "04"
                                  "0000"
                                  "4800"
                                  "0000");
            append(out, late);
            append(out, response(request, {0, request[4] == 0 ? "0102000B05" : ""}));
            return out;
        }};
    qmi_channel channel("/no/such/cdc-wdm5", 0, chatty.name());
    CHECK(tests::run(io, channel.acquire()));
}

TEST_CASE("a proxy that cannot open the device, or hangs up, is named", "[qmi]")
{
    io_context io;
    modem behind{io, {{0xff00, {1, ""}}}};
    qmi_channel channel = channel_by(behind, "/no/such/cdc-wdm6");
    auto acquired = tests::run(io, channel.acquire());
    REQUIRE_FALSE(acquired);
    CHECK(acquired.error() == channel_errc::no_device);
    CHECK(acquired.error().message().find("qmi-proxy cannot open /no/such/cdc-wdm6")
          != std::string::npos);

    modem other{io};
    qmi_channel cut = channel_by(other, "/no/such/cdc-wdm6");
    REQUIRE(tests::run(io, open(cut)));
    other.peer().hang_up();
    for (int i = 0; i < 2; ++i) {
        auto answer = tests::run(io, cut.transmit(store_data, usual_apdu_limit));
        if (i == 1)
            CHECK(answer.error() == channel_errc::card_gone);
    }
}

TEST_CASE("without a proxy the port itself is opened, unless it is not there", "[qmi]")
{
    io_context io;
    qmi_channel channel("/no/such/cdc-wdm7", 0, "esim-agent-no-such-proxy");
    auto acquired = tests::run(io, channel.acquire());
    REQUIRE_FALSE(acquired);
    CHECK(acquired.error() == channel_errc::no_device);
    CHECK_FALSE(is_listening("esim-agent-no-such-proxy"));
}

TEST_CASE("the registration of a QMI modem is what its serving system says", "[qmi]")
{
    auto told = [](const std::string& parameters) {
        bytes request = qmi::to_wire({.of = service::network, .id = 0x0024, .parameters = {}});
        return qmi::registration_in(*qmi::parse(response(request, {0, parameters})));
    };
    CHECK(told("010600"
               "010101010108")
              .state
          == registration_state::home);
    auto roaming = told("010600"
                        "010101010108"
                        "100100"
                        "00"
                        "120900"
                        "0601"
                        "1400"
                        "04"
                        "54455354");
    CHECK(roaming.state == registration_state::roaming);
    CHECK(roaming.network == "TEST");
    CHECK(told("010600"
               "010101010108"
               "120500"
               "0601"
               "1400"
               "00")
              .network
          == "262 20");
    CHECK(told("010600"
               "020101010108")
              .state
          == registration_state::searching);
    CHECK(told("010600"
               "030101010108")
              .state
          == registration_state::denied);
    CHECK(told("").state == registration_state::unknown);
}
