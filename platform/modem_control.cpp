#include "platform/modem_control.hpp"

#include "platform/at/at_control.hpp"
#ifdef ESIM_AGENT_QMI
#include "platform/qmi/qmi_control.hpp"
#endif
#ifdef ESIM_AGENT_MBIM
#include "platform/mbim/mbim_control.hpp"
#endif

namespace platform {

const char* name_of(registration_state state)
{
    switch (state) {
    case registration_state::none: return "not registered";
    case registration_state::home: return "home";
    case registration_state::roaming: return "roaming";
    case registration_state::searching: return "searching";
    case registration_state::denied: return "denied";
    case registration_state::unknown: break;
    }
    return "unknown";
}

std::unique_ptr<modem_control> make_modem_control(control_kind kind, const std::string& device)
{
    if (kind == control_kind::at)
        return std::make_unique<at::at_control>(device);
#ifdef ESIM_AGENT_QMI
    if (kind == control_kind::qmi)
        return std::make_unique<qmi::qmi_control>(device);
#endif
#ifdef ESIM_AGENT_MBIM
    if (kind == control_kind::mbim)
        return std::make_unique<mbim::mbim_control>(device);
#endif
    return nullptr;
}

}  // namespace platform
