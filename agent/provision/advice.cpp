#include "agent/provision/advice.hpp"

#include "agent/gigastore/choose.hpp"
#include "agent/lpa/error.hpp"
#include "agent/provision/error.hpp"

namespace agent::provision {

std::string advice_of(const failure& why)
{
    if (why.told() != nullptr)
        return why.advice();
    if (why == lpa::errc::confirmation_needed)
        return "Give it by POST /v1/confirmation-code, or a provisioning file with "
               "<confirmation-code>.";
    if (why == lpa::errc::confirmation_wrong)
        return "Give the right one by POST /v1/confirmation-code, or a provisioning file.";
    if (why == gigastore::choice_errc::several)
        return "Name one: <customer iccid=...>, iccid in the provisioning file or the order.";
    if (why == lpa::errc::no_memory)
        return "Delete a profile that is not needed ('esim-agent profile list'), then order again.";
    if (why == errc::often_lost)
        return "Find out who deletes it; a new order (POST /v1/install) installs it again.";
    if (why.kind() == failure_class::not_found)
        return "Check UID and ICCID where they come from: <customer>, the provisioning file, the "
               "order.";
    bool is_foreseen = why.kind() != failure_class::internal || !why.advice().empty();
    return is_foreseen ? why.advice()
                       : "Look at the log (journalctl -u esim-agent); check the files that "
                         "agent.xml names.";
}

}  // namespace agent::provision
