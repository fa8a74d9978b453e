#pragma once

#include "agent/base/json.hpp"

#include <string>

namespace agent::cli {

/// A daemon's status (GET /v1/status) as lines of a name and what it is.
std::string status_text(const json::value& now);

}  // namespace agent::cli
