#include "platform/mbim/mbim_channel.hpp"

#include "platform/little_endian.hpp"
#include "platform/logical_channel.hpp"
#include "platform/timeout.hpp"

#include <utility>

namespace platform::mbim {
namespace {

// The UICC service's commands.
constexpr std::uint32_t open_channel = 2;
constexpr std::uint32_t close_channel_id = 3;
constexpr std::uint32_t apdu_id = 4;
constexpr std::uint32_t terminal_capability_id = 5;
constexpr std::uint32_t reset_id = 6;

constexpr std::uint32_t our_group = 0x6573;  // so that nobody else's channel is closed with ours

command uicc_set(std::uint32_t id)
{
    command out;
    out.of = uicc_access;
    out.id = id;
    out.is_set = true;
    return out;
}

/// The card's status word: SW1 comes first, in a field that all others read as one number.
bytes word_at(byte_view information)
{
    if (information.size() < 2)
        return {};
    return bytes{information[0], information[1]};
}

/// A card, or modem, that is not used to being spoken to like this.
bool is_way_refused(const bytes& answer)
{
    constexpr std::uint8_t checking_errors[] = {0x68, 0x69, 0x6d, 0x6e, 0x6f};
    if (answer.size() < 2)
        return true;
    for (std::uint8_t each : checking_errors)
        if (answer[answer.size() - 2] == each)
            return true;
    return false;
}

/// Why the card's application was not opened, by the card's own word where there is one.
failure not_opened(const answer& told)
{
    bytes word = word_at(told.information);
    std::string words = word.empty() || word[0] == 0 ? "" : "status word " + to_hex(word);
    if (told.status == status::no_logical_channels)
        return {channel_errc::card_refused, "no logical channel is free"};
    if (told.status == status::success || told.status == status::select_failed)
        return {channel_errc::no_application, words};
    failure why = failure_for("opening a logical channel", told.status);
    bool may_be_name = why == channel_errc::refused && told.status != status::no_device_support;
    return may_be_name ? failure(channel_errc::no_application, why.detail()) : why;
}

}  // namespace

task<void> mbim_channel::acquire()
{
    auto opened = co_await port_.open();
    if (!opened)
        co_return opened.error();
    int left = port_.channel_left_behind();
    if (left == 0)
        co_return result<void>();
    say("closing the card's channel that this program left open when it was killed");
    auto closed = co_await close_channel(left);
    if (!closed)
        port_.close();
    co_return closed;
}

/// Waits for a SIM that the modem still reads.
task<answer> mbim_channel::open_when_ready(bytes aid)
{
    constexpr std::uint32_t fixed = 16;
    constexpr std::uint32_t without_fci = 0x0c;  // P2 of SELECT (ETSI TS 102 221, 11.1.1)
    command asked = uicc_set(open_channel);
    append_le32(asked.information, static_cast<std::uint32_t>(aid.size()));
    append_le32(asked.information, fixed);
    append_le32(asked.information, way_ == way::extended ? without_fci : 0);
    append_le32(asked.information, our_group);
    append(asked.information, aid);
    auto until = std::chrono::steady_clock::now() + sim_patience;
    while (true) {
        auto told = co_await port_.send(asked, usual_apdu_limit);
        if (!told)
            co_return told.error();
        bool is_busy = told->status == status::busy || told->status == status::not_initialized;
        bool may_pass = is_busy && std::chrono::steady_clock::now() < until;
        if (!may_pass)
            co_return told;
        co_await pause(sim_pause_);
    }
}

task<void> mbim_channel::open_by(way which, bytes aid)
{
    way_ = which;
    auto told = co_await open_when_ready(std::move(aid));
    if (!told)
        co_return told.error();
    bytes word = word_at(told->information);
    bool is_selected = !word.empty() && (word[0] == 0x90 || word[0] == 0x91 || word[0] == 0x61);
    std::uint32_t channel = le32_at(told->information, 4);
    bool is_open = told->status == status::success && is_selected && channel != 0;
    if (!is_open)
        co_return not_opened(*told);
    channel_ = static_cast<int>(channel);
    port_.note_channel(channel_);
    co_return result<void>();
}

task<void> mbim_channel::open(bytes aid)
{
    if (channel_ != 0) {
        auto closed = co_await close();
        if (!closed)
            co_return closed.error();
    }
    aid_ = aid;
    auto opened = co_await open_by(way_, aid);
    bool is_other_worth =
        !opened && !is_way_known_ && opened.error() == channel_errc::no_application;
    if (!is_other_worth)
        co_return opened;
    way first = way_;
    auto again = co_await open_by(first == way::plain ? way::extended : way::plain, aid);
    if (!again)
        way_ = first;
    co_return again;
}

task<bytes> mbim_channel::send(bytes apdu, std::chrono::milliseconds limit)
{
    constexpr std::uint32_t fixed = 20;
    bool is_extended = way_ == way::extended;
    bool lacks_le = is_extended && apdu.size() > 5 && apdu.size() == 5U + apdu[4];
    apdu[0] = class_for(apdu[0], channel_);
    if (lacks_le)
        apdu.push_back(0x00);
    command asked = uicc_set(apdu_id);
    append_le32(asked.information, static_cast<std::uint32_t>(channel_));
    append_le32(asked.information, 0);  // no secure messaging
    append_le32(asked.information, is_extended ? 1 : 0);
    append_le32(asked.information, static_cast<std::uint32_t>(apdu.size()));
    append_le32(asked.information, fixed);
    append(asked.information, apdu);
    auto told = co_await port_.demand("sending an APDU", std::move(asked), limit);
    if (!told)
        co_return told.error();
    byte_view data = sized_field(*told, 4);
    bytes word = word_at(*told);
    if (word.empty())
        co_return failure(channel_errc::malformed_answer, "the answer to an APDU");
    bytes out(data.begin(), data.end());
    append(out, word);
    co_return out;
}

/// The first APDU shows whether the modem is spoken to as it wants to be.
task<bytes> mbim_channel::transmit(bytes apdu, std::chrono::milliseconds limit)
{
    if (channel_ == 0)
        co_return failure(channel_errc::card_gone, "no channel is open");
    auto answer = co_await send(apdu, limit);
    bool is_fine = answer && !is_way_refused(*answer);
    bool is_modems = !answer && answer.error() != channel_errc::refused;
    if (is_way_known_ || is_fine || is_modems) {
        is_way_known_ = is_way_known_ || is_fine;
        co_return answer;
    }
    auto closed = co_await close();
    if (!closed)
        co_return closed.error();
    way first = way_;
    auto opened = co_await open_by(first == way::plain ? way::extended : way::plain, aid_);
    if (!opened) {
        way_ = first;
        co_return answer;
    }
    is_way_known_ = true;
    answer = co_await send(std::move(apdu), limit);
    co_return answer;
}

task<void> mbim_channel::close_channel(int channel)
{
    command asked = uicc_set(close_channel_id);
    append_le32(asked.information, static_cast<std::uint32_t>(channel));
    append_le32(asked.information, our_group);
    auto told = co_await port_.send(std::move(asked), usual_apdu_limit);
    if (!told)  // an error that the modem names says that it is gone already
        co_return told.error();
    port_.note_channel(0);
    co_return result<void>();
}

task<void> mbim_channel::close()
{
    int channel = std::exchange(channel_, 0);
    if (channel == 0)
        co_return result<void>();
    auto closed = co_await close_channel(channel);
    co_return closed;
}

void mbim_channel::release()
{
    channel_ = 0;
    is_announced_ = false;
    port_.close();
}

/// The modem says it to the card at its next reset: so that is asked for, too.
task<bool> mbim_channel::announce_terminal()
{
    bool was_announced = std::exchange(is_announced_, true);
    if (was_announced)
        co_return false;
    constexpr std::uint32_t objects_begin = 5;  // behind the command's header
    bytes whole = terminal_capability();
    byte_view object = byte_view(whole).subspan(objects_begin);
    command asked = uicc_set(terminal_capability_id);
    append_le32(asked.information, 1);
    append_le32(asked.information, 12);
    append_le32(asked.information, static_cast<std::uint32_t>(object.size()));
    append(asked.information, object);
    asked.information.resize((asked.information.size() + 3) / 4 * 4);
    auto told = co_await port_.send(std::move(asked), usual_apdu_limit);
    bool is_refused =
        told ? told->status != status::success : told.error() == channel_errc::refused;
    if (is_refused)
        co_return false;
    if (!told)
        co_return told.error();
    command reset = uicc_set(reset_id);
    append_le32(reset.information, 0);  // an ordinary card, as before
    auto done = co_await port_.send(std::move(reset), usual_apdu_limit);
    if (!done)
        co_return done.error();
    co_return done->status == status::success;
}

task<std::string> mbim_channel::imei()
{
    command asked;
    asked.of = basic_connect;
    asked.id = device_capabilities;
    auto told = co_await port_.demand("asking for the IMEI", std::move(asked), identity_limit);
    bool is_gone = !told && told.error() == channel_errc::card_gone;
    if (is_gone)
        co_return told.error();
    constexpr std::size_t device_id = 40;
    constexpr std::size_t length = 15;
    std::string out = told ? text_in(offset_field(*told, device_id)) : "";
    bool is_imei = out.size() >= length && out.find_first_not_of("0123456789") == out.npos;
    co_return is_imei ? out.substr(0, length) : std::string();
}

}  // namespace platform::mbim
