#include "platform/auto_channel.hpp"

#include <utility>

namespace platform {
namespace {

std::string name_of(const modem_port& port)
{
    return std::string(name_of(port.kind)) + (port.device.empty() ? "" : " " + port.device);
}

/// Of two failures the one that says more: that a card is there, and what keeps us from it.
bool says_more(const failure& one, const failure& other)
{
    auto rank = [](const failure& why) {
        for (channel_errc each : {channel_errc::busy, channel_errc::sim_pin, channel_errc::sim_puk,
                 channel_errc::sim_busy, channel_errc::card_refused, channel_errc::card_gone})
            if (why == each)
                return 2;
        return why == channel_errc::no_device ? 0 : 1;
    };
    return rank(one) > rank(other);
}

}  // namespace

auto_channel::auto_channel(ways by, std::vector<bytes> applications, found_port found)
    : by_(std::move(by)), applications_(std::move(applications)), found_(std::move(found))
{
}

void auto_channel::drop()
{
    if (channel_)
        channel_->release();
    channel_.reset();
    selected_.reset();
    *found_ = {};
}

task<void> auto_channel::acquire()
{
    selected_.reset();
    bool has_found = found_->kind != channel_kind::none;  // else a search was interrupted
    if (has_found) {
        auto again = co_await channel_->acquire();
        bool is_gone = !again && again.error() == channel_errc::no_device;
        if (!is_gone)
            co_return again;
        say(name_of(*found_) + " is gone: looking for the card anew");
    }
    drop();
    auto done = co_await search();
    co_return done;
}

task<void> auto_channel::search()
{
    std::vector<modem_port> ports = by_.find();
    std::string tried;
    failure worst(channel_errc::no_device);
    std::string busy;  // the modem that somebody has
    for (const modem_port& port : ports) {
        if (!busy.empty() && busy != port.modem)
            break;
        auto done = co_await try_port(port);
        if (done) {
            *found_ = port;
            co_return result<void>();
        }
        drop();
        const failure& why = done.error();
        if (why == channel_errc::busy)
            busy = port.modem;
        tried += (tried.empty() ? "tried " : "; ") + name_of(port) + ": " + why.message();
        if (says_more(why, worst))
            worst = why;
    }
    if (tried.empty())
        tried = "this device shows no modem's port and no reader";
    co_return worst.saying(std::move(tried));
}

task<void> auto_channel::try_port(modem_port port)
{
    bool is_taken = port.kind == channel_kind::at && !port.is_ours && by_.has_modem_manager();
    if (is_taken)
        co_return failure(channel_errc::busy,
            "ModemManager has it; a udev rule with ID_MM_PORT_IGNORE leaves it to us");
    channel_ = by_.make(port);
    if (!channel_)
        co_return failure(channel_errc::no_device, "not in this build");
    channel_->on_word([this](const std::string& words) { say(words); });
    auto connected = co_await channel_->acquire();
    if (!connected)
        co_return connected.error();
    auto selected = co_await select_application(*channel_, applications_);
    if (!selected)
        co_return selected.error();
    selected_ = std::move(*selected);
    co_return result<void>();
}

/// What the search has to say of that name already; nothing if it has to be asked for.
std::optional<result<void>> auto_channel::known(const bytes& aid)
{
    if (!selected_)
        return std::nullopt;
    if (*selected_ != aid)
        return failure(channel_errc::no_application);
    selected_.reset();
    return result<void>();
}

task<void> auto_channel::open(bytes aid)
{
    if (auto already = known(aid))
        co_return *already;
    auto opened = co_await channel_->open(std::move(aid));
    co_return opened;
}

task<bytes> auto_channel::transmit(bytes apdu, std::chrono::milliseconds limit)
{
    return channel_->transmit(std::move(apdu), limit);
}

task<void> auto_channel::close()
{
    selected_.reset();
    return channel_->close();
}

void auto_channel::release()
{
    selected_.reset();
    if (channel_)
        channel_->release();
}

task<bool> auto_channel::announce_terminal()
{
    return channel_->announce_terminal();
}

task<std::string> auto_channel::imei()
{
    return channel_->imei();
}

bool auto_channel::has_modem() const
{
    return channel_ && channel_->has_modem();
}

}  // namespace platform
