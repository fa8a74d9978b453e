#pragma once

#include "agent/provision/wanted.hpp"
#include "platform/log.hpp"

#include <functional>
#include <string>
#include <vector>

namespace agent::provision {

/// Takes the provisioning files (*.xml) in `directory`, in their order: reads each, hands it to
/// `order`, then wipes it, since its code must not lie around. What cannot be wiped, or is none,
/// is remembered in `taken` by its digest, and not taken again. `save` is called after each change
/// of that. Gives what is wrong with a file that lies there; empty if nothing is.
std::string take_provisioning_files(const std::string& directory, std::vector<std::string>& taken,
    const std::function<result<void>(wanted)>& order, const std::function<void()>& save,
    platform::logger& log);

}  // namespace agent::provision
