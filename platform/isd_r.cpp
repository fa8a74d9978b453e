#include "platform/isd_r.hpp"

#include <algorithm>
#include <cstdlib>

namespace platform {
namespace {

constexpr std::size_t safe_segment = 120;
constexpr int most_answer_pieces = 1024;  // 256 kB: no ES10 answer is that long

std::string word(unsigned status)
{
    std::uint8_t octets[] = {
        static_cast<std::uint8_t>(status >> 8), static_cast<std::uint8_t>(status & 0xff)};
    return to_hex(octets);
}

bool is_success(unsigned status)
{
    return status == 0x9000 || status >> 8 == 0x91;
}

/// What a status word says in words, where people meet it (SGP.22, 5.7.2; ISO 7816-4, 5.1.3).
const char* words_for(unsigned status)
{
    switch (status) {
    case 0x6700: return "wrong length";
    case 0x6881: return "logical channel not supported, or lost";
    case 0x6985: return "conditions of use not satisfied";
    case 0x6a80: return "wrong data";
    case 0x6a84: return "not enough memory";
    case 0x6a88: return "not found";
    case 0x6d00: return "unknown command";
    case 0x6e00: return "wrong class";
    case 0x6f00: return "card fault without a reason";
    default: return "error";
    }
}

constexpr unsigned wrong_length = 0x6700;

failure refused_with(unsigned status)
{
    failure_cause cause;
    cause.euicc_result = word(status);
    return failure(
        channel_errc::card_refused, "status word " + word(status) + ", " + words_for(status))
        .because(cause);
}

unsigned status_in(const failure& why)
{
    return why.cause() == nullptr ? 0
                                  : static_cast<unsigned>(
                                      std::strtoul(why.cause()->euicc_result.c_str(), nullptr, 16));
}

}  // namespace

std::vector<bytes> known_isd_r_aids()
{
    std::vector<bytes> out;
    for (const char* each : {"A0000005591010FFFFFFFF8900000100",  // SGP.22
             "A0000005591010FFFFFFFF8900050500",                  // 5ber
             "A0000005591010000000008900000300",                  // eSIM.me
             "A0000005591010000000890000000300",                  // the same, as some list it
             "A06573746B6D65FFFFFFFF4953442D52",                  // ESTKme
             "A06573746B6D65FFFF4953442D522030",                  // ESTKme, 2025
             "A06573746B6D65FFFF4953442D522031",                  // its second
             "A0000005591010FFFFFFFF8900000177",                  // Xesim
             "A0000006281010FFFFFFFF8900000100"})                 // GlocalMe
        out.push_back(*from_hex(each));
    return out;
}

isd_r::isd_r(euicc_channel& channel, isd_r_settings settings, logger& log)
    : channel_(channel), settings_(std::move(settings)), log_(log), segment_(settings_.segment)
{
    channel_.on_word([&log](const std::string& words) { log.warning(words); });
}

task<void> isd_r::open()
{
    std::size_t known = settings_.memory.recall();
    bool is_usable = known >= settings_.least_segment && known < segment_;
    if (is_usable)
        segment_ = known;
    auto connected = co_await channel_.acquire();
    if (!connected)
        co_return connected.error();
    auto selected = co_await select();
    if (!selected)
        channel_.release();
    co_return selected;
}

task<void> isd_r::select()
{
    // The name that was found last comes first; the card may be another one by now.
    std::vector<bytes> names = settings_.aids;
    auto last = std::ranges::find(names, aid_);
    if (last != names.end())
        std::rotate(names.begin(), last, last + 1);
    auto found = co_await select_application(channel_, std::move(names));
    if (!found)
        co_return found.error();
    log_.debug("ISD-R " + to_hex(*found));
    aid_ = std::move(*found);
    is_open_ = true;
    co_return result<void>();
}

boost::asio::awaitable<void> isd_r::lose()
{
    if (!is_open_)
        co_return;
    is_open_ = false;
    auto closed = co_await channel_.close();
    if (!closed)
        log_.debug("closing the logical channel: " + closed.error().message());
}

task<void> isd_r::reopen()
{
    co_await lose();
    auto selected = co_await select();  // where the modem or reader is still connected
    if (selected)
        co_return selected;
    channel_.release();
    auto opened = co_await open();
    co_return opened;
}

task<void> isd_r::close()
{
    struct on_exit {  // also where it takes too long, and is cancelled
        isd_r& of;
        explicit on_exit(isd_r& its_owner) : of(its_owner) {}
        on_exit(const on_exit&) = delete;
        on_exit& operator=(const on_exit&) = delete;
        ~on_exit()
        {
            of.is_open_ = false;
            of.channel_.release();
        }
    } at_end(*this);
    result<void> closed;
    if (is_open_)
        closed = co_await channel_.close();
    co_return closed;
}

task<isd_r::answered> isd_r::exchange(bytes apdu, std::chrono::milliseconds limit)
{
    answered whole;
    for (int piece = 0; piece < most_answer_pieces; ++piece) {
        auto answer = co_await channel_.transmit(apdu, limit);
        if (!answer) {
            bool is_lost =
                answer.error() == channel_errc::card_gone || answer.error() == channel_errc::silent;
            is_open_ = is_open_ && !is_lost;
            co_return answer.error();
        }
        if (answer->size() < 2)
            co_return failure(channel_errc::malformed_answer, "an answer without a status word");
        std::uint8_t sw1 = (*answer)[answer->size() - 2];
        std::uint8_t sw2 = (*answer)[answer->size() - 1];
        answer->resize(answer->size() - 2);
        append(whole.data, *answer);
        whole.status = static_cast<unsigned>(sw1 << 8 | sw2);
        if (sw1 == 0x6c) {  // the same again, with the length that the card names
            bool has_data = apdu.size() > 5;
            apdu.resize(has_data ? 5U + apdu[4] : 4U);
            apdu.push_back(sw2);
            continue;
        }
        if (sw1 != 0x61)
            co_return whole;
        // GET RESPONSE (ISO 7816-4, 11.5.1), for as much as is waiting.
        bytes get_response{0x80, 0xc0, 0x00, 0x00, sw2};
        apdu = std::move(get_response);
        limit = usual_apdu_limit;
    }
    co_return failure(channel_errc::malformed_answer, "an answer without an end");
}

/// A path or card that cannot take so long a segment is silent, or says it in one of these ways.
/// What a card may have carried out is not sent again: only the last segment makes it act.
isd_r::size_fault isd_r::fault_of(const failure& why, std::size_t size, bool is_last) const
{
    if (size <= settings_.least_segment)
        return size_fault::none;
    constexpr unsigned security = 0x66;  // as some cards say it (6601)
    unsigned status = status_in(why);
    bool is_cards = status == wrong_length || status >> 8 == security;
    if (why == channel_errc::card_refused)
        return is_cards ? size_fault::at_once : size_fault::none;
    bool is_paths = why == channel_errc::refused || why == channel_errc::malformed_answer
                    || why == channel_errc::silent;
    bool has_done_nothing = size > proven_ || !is_last;
    if (is_paths && has_done_nothing)
        return size_fault::at_once;
    return why == channel_errc::refused ? size_fault::next_time : size_fault::none;
}

bool isd_r::step_down()
{
    std::size_t next = segment_ > safe_segment ? safe_segment : settings_.least_segment;
    if (next >= segment_)
        return false;
    segment_ = next;
    log_.info("segments of " + std::to_string(segment_) + " octets from here on");
    if (auto kept = settings_.memory.remember(segment_); !kept)
        log_.debug("remembering the segments' size: " + kept.error().message());
    return true;
}

task<bytes> isd_r::store_data(bytes command, std::chrono::milliseconds limit)
{
    // Never on a channel that is not open: on a reader it would be the basic channel.
    if (!is_open_) {
        auto reopened = co_await reopen();
        if (!reopened)
            co_return reopened.error();
    }
    while (true) {
        auto answer = co_await send_segments(command, limit);
        bool is_smaller = fault_ != size_fault::none && step_down();
        bool tries_again = is_smaller && fault_ == size_fault::at_once;
        if (!tries_again)
            co_return answer;
        bool is_lost = answer.error() == channel_errc::silent;
        if (!is_lost)
            continue;
        auto reopened = co_await reopen();
        if (!reopened)
            co_return reopened.error();
    }
}

/// One command in segments of the present size. Sets `fault_` if one of them may have been too
/// long.
task<bytes> isd_r::send_segments(bytes command, std::chrono::milliseconds limit)
{
    answered last;
    fault_ = size_fault::none;
    std::size_t blocks = std::max<std::size_t>(1, (command.size() + segment_ - 1) / segment_);
    if (blocks > 256)
        co_return failure(channel_errc::refused, "a command too long for STORE DATA");
    for (std::size_t block = 0; block < blocks; ++block) {
        std::size_t start = block * segment_;
        std::size_t size = std::min(segment_, command.size() - start);
        bool is_last = block + 1 == blocks;
        bytes apdu;
        apdu.reserve(5 + size);
        for (unsigned each : {0x80U, 0xe2U, is_last ? 0x91U : 0x11U, static_cast<unsigned>(block),
                 static_cast<unsigned>(size)})
            apdu.push_back(static_cast<std::uint8_t>(each));
        append(apdu, byte_view(command).subspan(start, size));
        auto answer = co_await exchange(std::move(apdu), is_last ? limit : usual_apdu_limit);
        result<void> taken;
        if (!answer)
            taken = answer.error();
        else if (!is_success(answer->status))
            taken = refused_with(answer->status);
        if (!taken) {
            fault_ = fault_of(taken.error(), size, is_last);
            co_return taken.error();
        }
        proven_ = std::max(proven_, size);
        last = std::move(*answer);
    }
    co_return std::move(last.data);
}

}  // namespace platform
