#include "agent/report/stage.hpp"

#include <algorithm>
#include <array>

namespace agent::report {
namespace {

constexpr std::array names{"fetched", "shown", "downloading", "installed", "enabled", "registered",
    "online", "notified", "disabled", "deleted", "fallback", "superseded", "failed", "unknown",
    "balance-low", "balance-exhausted", "package-expiring", "dropped"};

}  // namespace

const char* name_of(stage what)
{
    return names[static_cast<std::size_t>(what)];
}

std::optional<stage> stage_from(std::string_view name)
{
    auto found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<stage>(found - names.begin());
}

const char* profile_state_after(stage what)
{
    switch (what) {
    case stage::installed:
    case stage::enabled: return "INSTALLED";
    case stage::disabled: return "DISABLED";
    case stage::deleted: return "RELEASED";
    default: return "";
    }
}

bool is_about_esim(stage what)
{
    return what < stage::balance_low && what != stage::superseded;
}

}  // namespace agent::report
