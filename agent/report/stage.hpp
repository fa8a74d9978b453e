#pragma once

#include <optional>
#include <string_view>

namespace agent::report {

/// What a report tells (DESIGN, stages): how far an eSIM came on this device, or what became of its
/// customer's packages.
enum class stage {
    fetched,
    shown,
    downloading,
    installed,
    enabled,
    registered,
    online,  // Gigastore is reached through the modem
    notified,
    disabled,
    deleted,
    fallback,
    superseded,  // another order came while this one was not at its end
    failed,
    unknown,
    balance_low,
    balance_exhausted,
    package_expiring,
    dropped,  // reports were lost for want of room
};

/// As reports spell it: "balance-low".
const char* name_of(stage what);
/// The stage of that name; nothing if there is none.
std::optional<stage> stage_from(std::string_view name);

/// What Gigastore calls a profile's state once that stage is reached (API page Webhooks, eSIM
/// status); empty for one that changes nothing about it.
const char* profile_state_after(stage what);

/// True if it tells how the wanted eSIM stands: the newest of these is what somebody wants to know.
bool is_about_esim(stage what);

}  // namespace agent::report
