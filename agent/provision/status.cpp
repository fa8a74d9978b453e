#include "agent/provision/status.hpp"

#include "agent/base/json.hpp"
#include "platform/iso_time.hpp"

namespace agent::provision {

json::object to_json(const status& what)
{
    auto or_null = [](const std::string& text) {
        return text.empty() ? json::value() : json::value(text);
    };
    auto time_or_null = [](const std::optional<platform::timestamp>& time) {
        return time ? json::value(platform::to_iso(*time)) : json::value();
    };
    json::object out{{"customerUid", or_null(what.customer_uid)}, {"iccid", or_null(what.iccid)},
        {"stage", or_null(what.stage)}, {"profileState", or_null(what.esim_state)},
        {"doing", what.doing},
        {"nextAt", what.is_clock_plausible ? time_or_null(what.next_at) : json::value()},
        {"state", what.is_state_saved ? "saved" : "in memory only"},
        {"provisioningFile", or_null(what.provisioning_file)},
        {"clock", what.is_clock_plausible ? "system" : "floor"}};
    out["percent"] = what.percent ? json::value(*what.percent) : json::value();
    out["trouble"] = what.trouble.empty()
                         ? json::value()
                         : json::value(json::object{{"name", what.trouble}, {"advice", what.advice},
                             {"failures", what.failures}});
    json::object modem{{"eid", or_null(what.eid)}, {"imei", or_null(what.modem)},
        {"registration", what.network ? json::value(name_of(what.network->state)) : json::value()},
        {"operator", what.network ? or_null(what.network->network) : json::value()}};
    out["modem"] = std::move(modem);
    out["balance"] =
        json::object{{"megabytes", what.balance_megabytes ? json::value(*what.balance_megabytes)
                                                          : json::value()},
            {"expiresAt", time_or_null(what.expires_at)}};
    return out;
}

void read_balance(const gigastore::customer& who, platform::timestamp now, status& into)
{
    into.balance_megabytes.reset();
    into.expires_at.reset();
    if (who.total_available_balance)
        into.balance_megabytes = who.total_available_balance->megabytes();
    for (const gigastore::activated_item& each : who.activated_items) {
        const auto& ends = each.balance.expires_at;
        bool runs = gigastore::status_of(each, now) == "activated" && ends && *ends > now;
        if (runs && (!into.expires_at || *ends < *into.expires_at))
            into.expires_at = ends;
    }
}

}  // namespace agent::provision
