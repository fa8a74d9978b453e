#include "agent/esim/find_profile.hpp"

#include "agent/lpa/error.hpp"

#include <algorithm>

namespace agent::esim {

const lpa::profile* find_profile(const std::vector<lpa::profile>& all, const iccid& which)
{
    auto found = std::ranges::find(all, which, &lpa::profile::iccid);
    return which.empty() || found == all.end() ? nullptr : &*found;
}

task<lpa::profile> find_profile(installer& card, iccid which)
{
    auto all = co_await card.profiles();
    if (!all)
        co_return all.error();
    const lpa::profile* found = find_profile(*all, which);
    failure missing(lpa::errc::no_such_profile, "no profile " + which.text() + " is on the card");
    if (found == nullptr)
        co_return missing;
    co_return *found;
}

std::vector<iccid> iccids_of(const std::vector<lpa::profile>& all)
{
    std::vector<iccid> out;
    out.reserve(all.size());
    for (const lpa::profile& each : all)
        out.push_back(each.iccid);
    return out;
}

}  // namespace agent::esim
