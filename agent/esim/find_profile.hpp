#pragma once

#include "agent/esim/installer.hpp"

#include <vector>

namespace agent::esim {

/// The profile of that ICCID among these; null if it is not there.
const lpa::profile* find_profile(const std::vector<lpa::profile>& all, const iccid& which);

/// The same on the open card. Fails with lpa::errc::no_such_profile.
task<lpa::profile> find_profile(installer& card, iccid which);

/// The ICCIDs of these profiles.
std::vector<iccid> iccids_of(const std::vector<lpa::profile>& all);

}  // namespace agent::esim
