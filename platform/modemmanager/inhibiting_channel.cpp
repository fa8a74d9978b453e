#include "platform/modemmanager/inhibiting_channel.hpp"

#include "platform/device_lock.hpp"
#include "platform/timeout.hpp"
#include "platform/uplink.hpp"

#include <unistd.h>

namespace platform::modemmanager {
namespace {

constexpr std::chrono::milliseconds probe_limit{60'000};
constexpr std::chrono::milliseconds closing_limit{10'000};
constexpr std::chrono::milliseconds pause_between_tries{200};

/// The interface through which alone this device is on the network; empty if there is another way.
std::string only_way(const modem& by)
{
    for (const std::string& each : by.net_interfaces)
        if (find_uplink("", each) == uplink::only_modem)
            return each;
    return {};
}

}  // namespace

inhibiting_channel::inhibiting_channel(std::string port, std::unique_ptr<euicc_channel> channel)
    : port_(std::move(port)), channel_(std::move(channel))
{
    channel_->on_word([this](const std::string& words) { say(words); });
}

/// True as soon as the port may be opened.
task<bool> inhibiting_channel::is_free()
{
    auto all = co_await manager_.modems();
    if (!all)
        co_return all.error();
    for (const modem& each : *all) {
        if (each.leaves_to_others(port_))
            co_return true;
        if (!each.has_port(port_))
            continue;
        device_ = each.device;
        bool is_connected = each.state == modem_state::connected;
        std::string way = is_connected ? only_way(each) : "";
        if (!way.empty())
            co_return failure(channel_errc::busy,
                "ModemManager has " + port_ + ", and " + way
                    + " is this device's only way to the network, which would be lost");
        if (is_connected)
            say("the modem's data connection ends: ModemManager lets go of " + port_);
    }
    if (device_.empty())
        co_return false;
    auto done = co_await manager_.inhibit(device_);
    // It inhibits no modem that it still probes.
    bool is_too_early =
        !done && (done.error() == channel_errc::refused || done.error() == channel_errc::no_device);
    if (!done && !is_too_early)
        co_return done.error();
    co_return done.has_value();
}

/// Waits for a modem that ModemManager may still probe: it has the port then, and shows no modem.
task<void> inhibiting_channel::take_from_manager()
{
    auto end = std::chrono::steady_clock::now() + probe_limit;
    bool is_there = ::access(port_.c_str(), F_OK) == 0;
    while (is_there && std::chrono::steady_clock::now() < end) {
        auto free = co_await is_free();
        if (!free)
            co_return free.error();
        if (*free)
            break;
        co_await pause(pause_between_tries);
    }
    co_return result<void>();
}

task<void> inhibiting_channel::acquire()
{
    // Another esim-agent is not waited for.
    auto lock = device_lock::take(port_);
    if (!lock)
        co_return lock.error();
    lock->release();
    auto managed = co_await manager_.open();
    result<void> taken;
    if (managed)
        taken = co_await take_from_manager();
    auto end = std::chrono::steady_clock::now() + closing_limit;
    while (taken) {
        taken = co_await channel_->acquire();
        // ModemManager says that it has let go before it has closed the port.
        bool is_held = !taken && taken.error() == channel_errc::busy;
        if (!managed || !is_held || std::chrono::steady_clock::now() >= end)
            break;
        co_await pause(pause_between_tries);
        taken = result<void>();
    }
    if (!taken)
        release();
    co_return taken;
}

void inhibiting_channel::release()
{
    channel_->release();
    manager_.close();
}

}  // namespace platform::modemmanager
