#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>

namespace agent::report {

/// What a broker means by the reason in CONNACK (MQTT 5, 3.2.2.2; MQTT 3.1.1, 3.2.2.3).
failure refused_by_broker(int reason, const std::string& client_id);

/// True if that reason is the version of the protocol.
bool is_about_version(int reason);

}  // namespace agent::report
