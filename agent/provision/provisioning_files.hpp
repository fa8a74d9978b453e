#pragma once

#include "agent/provision/wanted.hpp"
#include "platform/log.hpp"

#include <functional>
#include <string>
#include <vector>

namespace agent::provision {

/// Takes the provisioning files (*.xml) in `directory`, in their order: reads each, hands it to
/// `order`, and wipes it once `save` has written that down, since its code must not lie around.
/// What cannot be wiped, or is none, is remembered in `taken` by its digest, and not taken again.
/// `save` is called after each change of that, too; it gives false if the disk takes nothing. Gives
/// what is wrong with a file that lies there; empty if nothing is.
std::string take_provisioning_files(const std::string& directory, std::vector<std::string>& taken,
    const std::function<void(wanted)>& order, const std::function<bool()>& save,
    platform::logger& log);

}  // namespace agent::provision
