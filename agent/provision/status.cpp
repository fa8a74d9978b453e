#include "agent/provision/status.hpp"

#include "agent/base/json.hpp"
#include "platform/iso_time.hpp"

namespace agent::provision {
namespace {

json::value time_or_null(const std::optional<platform::timestamp>& time)
{
    return time ? json::value(platform::to_iso(*time)) : json::value();
}

}  // namespace

json::object to_json(const package_balance& what)
{
    return {{"megabytes", what.megabytes ? json::value(*what.megabytes) : json::value()},
        {"expiresAt", time_or_null(what.expires_at)}};
}

json::object to_json(const status& what)
{
    json::object out{{"customerUid", or_null(what.customer_uid)},
        {"iccid", or_null(what.iccid.text())},
        {"stage", what.stage ? json::value(name_of(*what.stage)) : json::value()},
        {"profileState", or_null(what.esim_state)}, {"doing", what.doing},
        {"nextAt", what.is_clock_plausible ? time_or_null(what.next_at) : json::value()},
        {"state", what.is_state_saved ? "saved" : "in memory only"},
        {"provisioningFile", or_null(what.provisioning_file)},
        {"desiredVersion",
            what.desired_version == 0 ? json::value() : json::value(what.desired_version)},
        {"clock", what.is_clock_plausible ? "system" : "floor"}};
    out["percent"] = what.percent ? json::value(*what.percent) : json::value();
    out["trouble"] = what.trouble.empty()
                         ? json::value()
                         : json::value(json::object{{"name", what.trouble}, {"advice", what.advice},
                             {"failures", what.failures}});
    out["modem"] = json::object{{"eid", or_null(what.eid)}, {"imei", or_null(what.modem)},
        {"registration", what.network ? json::value(name_of(what.network->state)) : json::value()},
        {"operator", what.network ? or_null(what.network->network) : json::value()},
        {"online", what.is_online_known ? json::value(what.online.has_value()) : json::value()},
        {"interface", what.online ? or_null(what.online->interface_name) : json::value()},
        {"apn", what.online ? or_null(what.online->apn) : json::value()}};
    out["balance"] = to_json(what.balance);
    return out;
}

json::object to_reported(const status& what)
{
    // A stage of the eSIM before would be taken for the one that is wanted now.
    bool is_about_it = what.named.empty() || agent::iccid::from(what.named) == what.iccid;
    return {
        {"version", what.desired_version == 0 ? json::value() : json::value(what.desired_version)},
        {"refused", or_null(what.refused_desired)}, {"customerUid", or_null(what.customer_uid)},
        {"iccid", is_about_it ? or_null(what.iccid.text()) : json::value()},
        {"stage", is_about_it && what.stage ? json::value(name_of(*what.stage)) : json::value()},
        {"trouble", or_null(what.trouble)}};
}

package_balance balance_of(const gigastore::customer& who, platform::timestamp now)
{
    package_balance out;
    if (who.total_available_balance)
        out.megabytes = who.total_available_balance->megabytes();
    for (const gigastore::activated_item& each : who.activated_items) {
        const auto& ends = each.balance.expires_at;
        bool runs = gigastore::state_of(each, now) == gigastore::package_state::activated && ends
                    && *ends > now;
        if (runs && (!out.expires_at || *ends < *out.expires_at))
            out.expires_at = ends;
    }
    return out;
}

}  // namespace agent::provision
