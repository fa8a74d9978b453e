#include "tests/sandbox/rsp/card.hpp"

#include <algorithm>

namespace sandbox::rsp {
namespace {

bytes word(unsigned status)
{
    return {static_cast<std::uint8_t>(status >> 8), static_cast<std::uint8_t>(status & 0xffU)};
}

int channel_of(std::uint8_t cla)
{
    return (cla & 0x40U) != 0 ? 4 + (cla & 0x0fU) : cla & 0x03U;
}

}  // namespace

card::card(soft_euicc& chip, faults& active, bytes aid)
    : chip_(chip), faults_(active), aid_(std::move(aid))
{
}

void card::reset()
{
    channels_.clear();
    collected_.clear();
    pending_.clear();
    chip_.reset();
}

bytes card::transmit(byte_view apdu)
{
    if (apdu.size() < 4)
        return word(0x6700);
    bool begins = apdu[1] == 0xe2 && apdu[3] == 0 && apdu.size() > 7;
    bool is_bare = apdu[1] != 0xe2 && apdu[1] != 0xc0;
    std::string command;
    if (begins)
        command = platform::to_hex(apdu.subspan(5, apdu[5] == 0xbf ? 2 : 1));
    else if (!is_bare)
        command = path_.substr(std::min(path_.find_last_of('/') + 1, path_.size()));
    path_ = "/card/" + platform::to_hex(apdu.subspan(1, 1)) + "/" + command;
    if (faults_.strike(fault_kind::power_cut, path_)) {
        faults_.kill_device();
        reset();
        return {};
    }
    ++count_;
    if (faults_.strike(fault_kind::removed, path_)) {
        is_in_reader = false;
        reset();
        return {};
    }
    if (faults_.strike(fault_kind::status_6f00, path_))
        return word(0x6f00);
    bool is_too_long = apdu.size() > 5 + 120 && faults_.strike(fault_kind::short_lc, path_);
    return is_too_long ? word(0x6700) : answer(apdu);
}

bytes card::answer(byte_view apdu)
{
    std::uint8_t instruction = apdu[1];
    int channel = channel_of(apdu[0]);
    byte_view data;
    if (apdu.size() > 5)
        data = apdu.subspan(5, std::min<std::size_t>(apdu[4], apdu.size() - 5));
    if (instruction == 0xc0) {
        std::size_t wanted = apdu.size() > 4 && apdu[4] != 0 ? apdu[4] : 256;
        auto size = std::min(wanted, pending_.size());
        auto end = pending_.begin() + static_cast<std::ptrdiff_t>(size);
        bytes out(pending_.begin(), end);
        pending_.erase(pending_.begin(), end);
        platform::append(out, pending_status());
        return out;
    }
    if (std::exchange(resets_soon_, false)) {
        reset();
        return word(0x6881);
    }
    pending_.clear();
    if (instruction == 0xaa)
        return word(0x9000);  // TERMINAL CAPABILITY
    if (instruction == 0x70)
        return manage_channel(apdu[2], apdu[3]);
    if (channel != 0 && !channels_.contains(channel))
        return word(0x6881);
    if (instruction == 0xa4)
        return select(channel, data);
    if (channel == 0 || !channels_[channel])
        return word(0x6985);
    return instruction == 0xe2 ? store_data(apdu[2], apdu[3], data) : word(0x6d00);
}

bytes card::manage_channel(std::uint8_t p1, std::uint8_t p2)
{
    if (p1 == 0x80)
        return word(channels_.erase(p2) == 1 ? 0x9000 : 0x6881);
    for (std::uint8_t channel = 1; channel <= 3; ++channel) {
        if (channels_.contains(channel))
            continue;
        channels_[channel] = false;
        return {channel, 0x90, 0x00};
    }
    return word(0x6a81);
}

bytes card::select(int channel, byte_view aid)
{
    if (!std::ranges::equal(aid, aid_))
        return word(0x6a82);
    channels_[channel] = true;
    pending_ = make_tlv(0x6f, make_tlv(0x84, aid_));
    return pending_status();
}

bytes card::store_data(std::uint8_t p1, std::uint8_t p2, byte_view data)
{
    bool is_last = p1 == 0x91;
    if (p1 != 0x11 && !is_last)
        return word(0x6a86);
    if (p2 == 0)
        collected_.clear();
    platform::append(collected_, data);
    if (!is_last)
        return word(0x9000);
    try {
        pending_ = chip_.command(std::exchange(collected_, {}));
    } catch (const refused& why) {
        return word(why.status);
    }
    resets_soon_ = chip_.takes_reset();
    return pending_status();
}

bytes card::pending_status() const
{
    if (pending_.empty())
        return word(0x9000);
    return word(0x6100U | (pending_.size() < 256 ? static_cast<unsigned>(pending_.size()) : 0U));
}

}  // namespace sandbox::rsp
