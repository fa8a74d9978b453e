#include "platform/modemmanager/modemmanager_control.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/text.hpp"
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

task<data_connection> modemmanager_control::connect_data(data_settings what)
{
    auto there = co_await manager_.connection(modem_);
    bool is_another = there && *there && what.connects && !what.apn.empty()
                      && !(*there)->apn.empty() && !same_ignoring_case((*there)->apn, what.apn);
    if (is_another) {
        auto ended = co_await manager_.disconnect_data(modem_);
        if (!ended)
            co_return ended.error();
        there = std::optional<data_connection>();
    }
    bool is_missing = there && !*there && what.connects;
    if (is_missing) {
        auto connected = co_await manager_.connect_data(modem_, std::move(what));
        if (!connected)
            co_return connected.error();
        auto found = co_await find();
        if (!found)
            co_return found.error();
        there = co_await manager_.connection(modem_);
    }
    if (!there)
        co_return there.error();
    data_connection out = there->value_or(data_connection());
    bool has_interface = !modem_.net_interfaces.empty();
    if (out.interface_name.empty() && has_interface)
        out.interface_name = modem_.net_interfaces.front();
    co_return out;
}

}  // namespace platform::modemmanager
