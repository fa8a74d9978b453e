#include "agent/provision/advice.hpp"

namespace agent::provision {
namespace {

struct way {
    const char* name;
    const char* advice;
};

constexpr way ways[] = {
    {"confirmation_needed",
        "Give it by POST /v1/confirmation-code, or a provisioning file with <confirmation-code>."},
    {"confirmation_wrong",
        "Give the right one by POST /v1/confirmation-code, or a provisioning file."},
    {"several", "Name one: <customer iccid=...>, iccid in the provisioning file or the order."},
    {"not_found",
        "Check UID and ICCID where they come from: <customer>, the provisioning file, the order."},
    {"no_memory",
        "Delete a profile that is not needed ('esim-agent profile list'), then order again."},
    {"often_lost", "Find out who deletes it; a new order (POST /v1/install) installs it again."},
    {"internal",
        "Look at the log (journalctl -u esim-agent); check the files that agent.xml names."},
};

}  // namespace

std::string advice_of(const meaning& known)
{
    for (const way& each : ways)
        if (std::string(each.name) == known.name)
            return each.advice;
    return known.advice;
}

}  // namespace agent::provision
