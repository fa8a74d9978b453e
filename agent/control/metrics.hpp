#pragma once

#include "agent/provision/status.hpp"
#include "agent/report/courier.hpp"

#include <string>
#include <vector>

namespace agent::control {

/// The daemon's figures in Prometheus' text format (version 0.0.4). No EID, ICCID or UID in them.
std::string to_metrics(
    const provision::status& now, const std::vector<report::courier_status>& destinations);

}  // namespace agent::control
