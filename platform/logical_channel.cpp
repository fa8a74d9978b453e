#include "platform/logical_channel.hpp"

#include <charconv>
#include <string_view>

namespace platform {
namespace {

unsigned status_of(const bytes& answer)
{
    return answer.size() < 2
               ? 0
               : static_cast<unsigned>(answer[answer.size() - 2] << 8 | answer[answer.size() - 1]);
}

failure card_refused(const char* doing, unsigned status)
{
    std::uint8_t word[] = {
        static_cast<std::uint8_t>(status >> 8), static_cast<std::uint8_t>(status & 0xff)};
    return {channel_errc::card_refused, std::string(doing) + ": status word " + to_hex(word)};
}

constexpr unsigned ok = 0x9000;
constexpr unsigned no_channel_left = 0x6a81;

}  // namespace

std::uint8_t class_for(std::uint8_t cla, int channel)
{
    unsigned base = channel < 4 ? cla & 0xfcU : (cla & 0xb0U) | 0x40U;
    unsigned number = static_cast<unsigned>(channel < 4 ? channel : channel - 4);
    return static_cast<std::uint8_t>(base | number);
}

bytes terminal_capability()
{
    return {
        0x80, 0xaa, 0x00, 0x00, 0x0a, 0xa9, 0x08, 0x81, 0x00, 0x82, 0x01, 0x01, 0x83, 0x01, 0x07};
}

task<void> logical_channel::close_left_behind(std::string note)
{
    constexpr std::string_view mark = "csim ";
    constexpr int most = 19;
    std::string number = note.starts_with(mark) ? note.substr(mark.size()) : "";
    int channel = 0;
    const char* end = number.data() + number.size();
    auto [rest, ec] = std::from_chars(number.data(), end, channel);
    bool is_channel = ec == std::errc() && rest == end && channel >= 1 && channel <= most;
    if (!is_channel)
        co_return result<void>();
    auto closed = co_await close_channel(channel);
    co_return closed;
}

task<int> logical_channel::manage_channel()
{
    bytes open_channel{0x00, 0x70, 0x00, 0x00, 0x01};
    auto answer = co_await exchange(open_channel, usual_apdu_limit);
    if (!answer)
        co_return answer.error();
    unsigned status = status_of(*answer);
    // What others have left open is in the way. A modem needs channels of its own (ISIM): so one
    // at a time, and only where the card says that this is what is wrong; readers have no such.
    bool may_be_full = status == no_channel_left || (status != ok && !has_modem());
    for (std::uint8_t stale = 3; may_be_full && stale >= 1 && status != ok; --stale) {
        if (has_modem())
            say("the card has no channel left: closing " + std::to_string(stale)
                + ", which somebody left open");
        auto closed = co_await close_channel(stale);
        if (!closed)
            co_return closed.error();
        answer = co_await exchange(open_channel, usual_apdu_limit);
        if (!answer)
            co_return answer.error();
        status = status_of(*answer);
    }
    if (status != ok || answer->size() != 3)
        co_return card_refused(
            status == no_channel_left ? "no logical channel is free" : "opening a logical channel",
            status);
    co_return int{(*answer)[0]};
}

task<void> logical_channel::close_channel(int channel)
{
    bytes apdu{0x00, 0x70, 0x80, static_cast<std::uint8_t>(channel), 0x00};
    auto answer = co_await exchange(std::move(apdu), usual_apdu_limit);
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<void> logical_channel::open(bytes aid)
{
    auto channel = co_await manage_channel();
    if (!channel)
        co_return channel.error();
    bytes select{
        class_for(0x00, *channel), 0xa4, 0x04, 0x00, static_cast<std::uint8_t>(aid.size())};
    append(select, aid);
    auto answer = co_await exchange(std::move(select), usual_apdu_limit);
    if (!answer)
        co_return answer.error();
    unsigned status = status_of(*answer);
    bool is_selected = status == ok || status >> 8 == 0x61 || status >> 8 == 0x91;
    if (is_selected) {
        channel_ = *channel;
        co_return result<void>();
    }
    auto closed = co_await close_channel(*channel);
    if (!closed)
        co_return closed.error();
    bool is_missing = status == 0x6a82 || status == 0x6999 || status == 0x6a86;
    if (is_missing)
        co_return failure(channel_errc::no_application);
    co_return card_refused("selecting the ISD-R", status);
}

task<bytes> logical_channel::transmit(bytes apdu, std::chrono::milliseconds limit)
{
    apdu[0] = class_for(apdu[0], channel_);
    return exchange(std::move(apdu), limit);
}

task<void> logical_channel::close()
{
    int channel = channel_;
    channel_ = 0;
    if (channel == 0)
        co_return result<void>();
    auto closed = co_await close_channel(channel);
    co_return closed;
}

}  // namespace platform
