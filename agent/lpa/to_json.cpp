#include "agent/lpa/to_json.hpp"

#include "agent/base/json.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>

namespace agent::lpa {

const char* name_of(operation what)
{
    constexpr const char* names[] = {"install", "enable", "disable", "delete", "other"};
    return names[static_cast<int>(what)];
}

const char* name_of(profile_state state)
{
    return state == profile_state::enabled ? "enabled" : "disabled";
}

const char* name_of(profile_class kind)
{
    constexpr const char* names[] = {"test", "provisioning", "operational", "unknown"};
    return names[static_cast<int>(kind)];
}

json::object to_json(const profile& one)
{
    json::array rules;
    if (one.rules.forbids_disable)
        rules.emplace_back("ppr1");
    if (one.rules.forbids_delete)
        rules.emplace_back("ppr2");
    return {{"iccid", one.iccid.text()}, {"state", name_of(one.state)},
        {"nickname", or_null(one.nickname)}, {"serviceProviderName", or_null(one.service_provider)},
        {"profileName", or_null(one.name)}, {"profileClass", name_of(one.kind)},
        {"isdpAid", platform::to_hex(one.isdp_aid)}, {"profilePolicyRules", std::move(rules)}};
}

json::object to_json(const notification& one)
{
    return {{"sequenceNumber", one.sequence}, {"operation", name_of(one.what)},
        {"iccid", or_null(one.iccid.text())}, {"address", platform::printable(one.address)}};
}

}  // namespace agent::lpa
