#include "platform/make_channel.hpp"

#include "platform/at/at_channel.hpp"
#include "platform/holders.hpp"
#include "platform/socket/socket_channel.hpp"
#ifdef ESIM_AGENT_MODEMMANAGER
#include "platform/modemmanager/inhibiting_channel.hpp"
#endif
#ifdef ESIM_AGENT_QMI
#include "platform/qmi/qmi_channel.hpp"
#endif
#ifdef ESIM_AGENT_MBIM
#include "platform/mbim/mbim_channel.hpp"
#endif
#ifdef ESIM_AGENT_PCSC
#include "platform/pcsc/pcsc_channel.hpp"
#endif

#include <sys/stat.h>

namespace platform {
namespace {

bool is_socket(const std::string& path)
{
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISSOCK(about.st_mode);
}

/// What an automatic channel tries: the modems' ports, then card readers; or the one device that is
/// named, however it is spoken to.
std::vector<modem_port> ports_to_try(const std::string& device)
{
    std::vector<modem_port> out = find_modems();
    if (device.empty()) {
        out.push_back({.kind = channel_kind::pcsc});
        return out;
    }
    std::erase_if(out, [&](const modem_port& each) { return each.device != device; });
    channel_kind kind = is_socket(device)         ? channel_kind::socket
                        : device.starts_with("/") ? channel_kind::at
                                                  : channel_kind::pcsc;
    if (out.empty())
        out.push_back({.kind = kind, .device = device, .is_ours = true});
    return out;
}

std::unique_ptr<euicc_channel> make_auto_channel(channel_settings settings)
{
    auto_channel::ways by;
    by.find = [device = settings.device] { return ports_to_try(device); };
    by.make = [slot = settings.slot, aids = settings.aids](const modem_port& port) {
        return make_channel(
            {.kind = port.kind, .device = port.device, .slot = slot, .aids = aids, .found = {}});
    };
    by.has_modem_manager = [] { return is_running("ModemManager"); };
    return std::make_unique<auto_channel>(
        std::move(by), std::move(settings.aids), std::move(settings.found));
}

std::unique_ptr<euicc_channel> make_at_channel(channel_settings settings)
{
    std::unique_ptr<euicc_channel> channel = std::make_unique<at::at_channel>(settings.device);
#ifdef ESIM_AGENT_MODEMMANAGER
    if (settings.is_managed)
        channel = std::make_unique<modemmanager::inhibiting_channel>(
            std::move(settings.device), std::move(channel));
#endif
    return channel;
}

}  // namespace

std::unique_ptr<euicc_channel> make_channel(channel_settings settings)
{
    if (settings.kind == channel_kind::automatic)
        return make_auto_channel(std::move(settings));
    if (settings.kind == channel_kind::at)
        return make_at_channel(std::move(settings));
    if (settings.kind == channel_kind::socket)
        return std::make_unique<socket::socket_channel>(std::move(settings.device));
#ifdef ESIM_AGENT_QMI
    if (settings.kind == channel_kind::qmi)
        return std::make_unique<qmi::qmi_channel>(std::move(settings.device), settings.slot);
#endif
#ifdef ESIM_AGENT_MBIM
    if (settings.kind == channel_kind::mbim)
        return std::make_unique<mbim::mbim_channel>(std::move(settings.device));
#endif
#ifdef ESIM_AGENT_PCSC
    if (settings.kind == channel_kind::pcsc)
        return std::make_unique<pcsc::pcsc_channel>(
            std::move(settings.device), std::move(settings.aids));
#endif
    return nullptr;
}

}  // namespace platform
