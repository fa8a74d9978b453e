#include "platform/modem_control.hpp"

#include "platform/at/at_control.hpp"

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
    return nullptr;
}

}  // namespace platform
