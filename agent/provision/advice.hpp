#pragma once

#include "agent/meaning.hpp"

#include <string>

namespace agent::provision {

/// What to do about a failure of the daemon: where nobody sits at a command line, as meaning has
/// it, other ways lead on.
std::string advice_of(const meaning& known);

}  // namespace agent::provision
