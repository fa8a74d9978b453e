#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>

namespace agent::provision {

/// What to do about a failure on a device that nobody types commands on: by the local API, a
/// provisioning file or the configuration. May be empty.
std::string advice_of(const failure& why);

}  // namespace agent::provision
