#include "platform/make_channel.hpp"

#include "platform/at/at_channel.hpp"
#include "platform/socket/socket_channel.hpp"
#ifdef ESIM_AGENT_QMI
#include "platform/qmi/qmi_channel.hpp"
#endif
#ifdef ESIM_AGENT_MBIM
#include "platform/mbim/mbim_channel.hpp"
#endif
#ifdef ESIM_AGENT_PCSC
#include "platform/pcsc/pcsc_channel.hpp"
#endif

namespace platform {

std::unique_ptr<euicc_channel> make_channel(channel_settings settings)
{
    if (settings.kind == channel_kind::at)
        return std::make_unique<at::at_channel>(std::move(settings.device));
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
