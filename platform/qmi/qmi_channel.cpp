#include "platform/qmi/qmi_channel.hpp"

#include "platform/little_endian.hpp"
#include "platform/logical_channel.hpp"
#include "platform/timeout.hpp"

#include <utility>

namespace platform::qmi {
namespace {

// UIM's messages, and DMS's.
constexpr std::uint16_t send_apdu = 0x003b;
constexpr std::uint16_t open_channel = 0x0042;
constexpr std::uint16_t switch_slot = 0x0046;
constexpr std::uint16_t get_serial_numbers = 0x0025;

/// APDUs go to the modem's first logical slot, whichever card lies behind it.
constexpr std::uint8_t slot = 1;

/// Why the card's application was not opened, by the card's own word where there is one. Many
/// modems name no reason at all: another name of the ISD-R is worth a try then.
failure not_opened(const message& answer)
{
    unsigned error = error_in(answer);
    failure why = failure_for("opening a logical channel", error);
    const bytes* card = answer.find(0x11);
    bool has_word = card != nullptr && card->size() >= 2 && (*card)[0] != 0;
    if (!has_word)
        return why == channel_errc::refused ? failure(channel_errc::no_application, why.detail())
                                            : why;
    unsigned status = static_cast<unsigned>((*card)[0] << 8 | (*card)[1]);
    std::string word = to_hex(byte_view(*card).first(2));
    constexpr unsigned no_channel_left = 0x6a81;
    if (status == no_channel_left)
        return {channel_errc::card_refused, "no logical channel is free: status word " + word};
    return {channel_errc::no_application, "status word " + word};
}

}  // namespace

task<void> qmi_channel::acquire()
{
    auto opened = co_await port_.open();
    if (!opened)
        co_return opened.error();
    if (*opened)
        say("released the modem's client id that this program left when it was killed");
    result<void> chosen;
    if (physical_slot_ != 0)
        chosen = co_await choose_slot();
    if (!chosen)
        port_.close();
    co_return chosen;
}

/// Binds the physical slot to the modem's first logical one, unless it is there already.
task<void> qmi_channel::choose_slot()
{
    std::vector<parameter> nothing;
    auto told = co_await port_.demand("asking for the SIM slots", service::sim, get_slot_status,
        std::move(nothing), usual_apdu_limit);
    if (!told)
        co_return told.error();
    const bytes* listed = told->find(0x10);
    std::vector<slot_status> slots;
    if (listed != nullptr)
        slots = slots_in(*listed);
    std::string name = "SIM slot " + std::to_string(physical_slot_);
    if (physical_slot_ > slots.size())
        co_return failure(channel_errc::no_sim, "the modem has no " + name);
    if (slots[physical_slot_ - 1].is_active)
        co_return result<void>();
    say("switching the modem to " + name);
    std::vector<parameter> with;
    with.push_back(octets(0x01, {slot}));
    parameter physical{0x02, bytes()};
    append_le32(physical.value, physical_slot_);
    with.push_back(std::move(physical));
    auto switched = co_await port_.demand(
        "choosing the SIM slot", service::sim, switch_slot, std::move(with), usual_apdu_limit);
    if (!switched)
        co_return switched.error();
    co_return result<void>();
}

/// Waits for a SIM that the modem still reads.
task<message> qmi_channel::open_when_ready(bytes aid)
{
    auto until = std::chrono::steady_clock::now() + sim_patience;
    while (true) {
        std::vector<parameter> with;
        with.push_back(octets(0x01, {slot}));
        with.push_back(counted(0x10, aid));
        auto answer =
            co_await port_.request(service::sim, open_channel, std::move(with), usual_apdu_limit);
        if (!answer)
            co_return answer.error();
        unsigned error = error_in(*answer);
        bool may_pass = error != 0 && failure_for("", error) == channel_errc::sim_busy
                        && std::chrono::steady_clock::now() < until;
        if (!may_pass)
            co_return answer;
        co_await pause(sim_pause_);
    }
}

task<void> qmi_channel::open(bytes aid)
{
    if (channel_ != 0) {
        auto closed = co_await close();
        if (!closed)
            co_return closed.error();
    }
    auto answer = co_await open_when_ready(std::move(aid));
    if (!answer)
        co_return answer.error();
    const bytes* channel = answer->find(0x10);
    bool is_open = error_in(*answer) == 0 && channel != nullptr && channel->size() == 1;
    if (!is_open)
        co_return not_opened(*answer);
    channel_ = (*channel)[0];
    port_.note_channel(channel_);
    co_return result<void>();
}

task<bytes> qmi_channel::send(bytes apdu, int channel, std::chrono::milliseconds limit)
{
    std::vector<parameter> with;
    with.push_back(octets(0x01, {slot}));
    with.push_back(long_counted(0x02, apdu));
    if (channel != 0)
        with.push_back(octets(0x10, {static_cast<std::uint8_t>(channel)}));
    auto answer =
        co_await port_.demand("sending an APDU", service::sim, send_apdu, std::move(with), limit);
    if (!answer)
        co_return answer.error();
    const bytes* data = answer->find(0x10);
    std::size_t size = data == nullptr ? 0 : le16_at(*data, 0);
    bool is_whole = data != nullptr && size >= 2 && data->size() >= 2 + size;
    if (!is_whole)
        co_return failure(channel_errc::malformed_answer, "the answer to an APDU");
    auto begin = data->begin() + 2;
    co_return bytes(begin, begin + static_cast<std::ptrdiff_t>(size));
}

task<bytes> qmi_channel::transmit(bytes apdu, std::chrono::milliseconds limit)
{
    if (channel_ == 0)
        co_return failure(channel_errc::card_gone, "no channel is open");
    apdu[0] = class_for(apdu[0], channel_);
    auto answer = co_await send(std::move(apdu), channel_, limit);
    co_return answer;
}

task<void> qmi_channel::close()
{
    int channel = std::exchange(channel_, 0);
    if (channel != 0) {
        std::vector<parameter> with;
        with.push_back(octets(0x01, {slot}));
        with.push_back(octets(0x11, {static_cast<std::uint8_t>(channel)}));
        auto closed =
            co_await port_.request(service::sim, close_channel, std::move(with), usual_apdu_limit);
        if (!closed)  // an error that the modem names says that it is gone already
            co_return closed.error();
        port_.note_channel(0);
    }
    co_await port_.release_clients();
    co_return result<void>();
}

void qmi_channel::release()
{
    channel_ = 0;
    is_announced_ = false;
    port_.close();
}

task<bool> qmi_channel::announce_terminal()
{
    bool was_announced = std::exchange(is_announced_, true);
    if (was_announced)
        co_return false;
    auto answer = co_await send(terminal_capability(), 0, usual_apdu_limit);
    bool is_modems = !answer && answer.error() == channel_errc::refused;
    if (!answer && !is_modems)
        co_return answer.error();
    co_return !is_modems;
}

task<std::string> qmi_channel::imei()
{
    std::vector<parameter> nothing;
    auto answer = co_await port_.demand("asking for the IMEI", service::device, get_serial_numbers,
        std::move(nothing), identity_limit);
    bool is_gone = !answer && answer.error() == channel_errc::card_gone;
    if (is_gone)
        co_return answer.error();
    const bytes* digits =
        answer ? answer->find(0x11) : nullptr;  // some modems keep it to themselves
    constexpr std::size_t length = 15;
    std::string out = digits == nullptr ? "" : std::string(text_of(*digits));
    bool is_imei = out.size() >= length && out.find_first_not_of("0123456789") == out.npos;
    co_return is_imei ? out.substr(0, length) : std::string();
}

}  // namespace platform::qmi
