#include "platform/modemmanager/modemmanager_control.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace platform::modemmanager {
namespace {

constexpr std::chrono::milliseconds pause_between_looks{500};

}  // namespace

task<bool> modemmanager_control::find()
{
    auto all = co_await manager_.modems();
    if (!all)
        co_return all.error();
    auto has_port = [this](const modem& each) { return each.has_port(settings_.port); };
    auto found = std::ranges::find_if(*all, has_port);
    if (found == all->end() && !modem_.device.empty())
        found = std::ranges::find(*all, modem_.device, &modem::device);
    if (found == all->end())
        co_return false;
    modem_ = *found;
    co_return true;
}

task<void> modemmanager_control::open()
{
    auto opened = co_await manager_.open();
    if (!opened)
        co_return opened.error();
    auto end = std::chrono::steady_clock::now() + settings_.patience;
    while (true) {
        auto found = co_await find();
        if (!found)
            co_return found.error();
        if (*found)
            co_return result<void>();
        if (std::chrono::steady_clock::now() >= end)
            break;
        co_await pause(pause_between_looks);
    }
    co_return failure(channel_errc::no_device, "ModemManager has no modem with the port "
                                                   + settings_.port
                                                   + " ('mmcli -L' lists what it has)");
}

task<void> modemmanager_control::refresh()
{
    auto done = co_await manager_.inhibit(modem_.device);
    if (done && settings_.by_port) {
        done = co_await settings_.by_port->open();
        if (done)
            done = co_await settings_.by_port->refresh();
        settings_.by_port->close();
    }
    if (!done)
        co_return done;
    auto is_free = co_await manager_.stop_inhibiting(modem_.device);
    co_return is_free;
}

task<platform::registration> modemmanager_control::registration()
{
    if (modem_.lock == sim_lock::pin)
        co_return failure(channel_errc::sim_pin, "ModemManager says so");
    if (modem_.lock == sim_lock::puk)
        co_return failure(channel_errc::sim_puk, "ModemManager says so");
    if (modem_.state == modem_state::disabled) {
        auto enabled = co_await manager_.enable(modem_);
        if (!enabled)
            co_return enabled.error();
    }
    co_return modem_.network;
}

}  // namespace platform::modemmanager
