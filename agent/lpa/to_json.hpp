#pragma once

#include "agent/lpa/types.hpp"

#include <boost/json/object.hpp>

namespace agent::lpa {

/// "install", "enable", "disable", "delete".
const char* name_of(operation what);
/// "enabled", "disabled".
const char* name_of(profile_state state);
/// "operational", "provisioning", "test", "unknown".
const char* name_of(profile_class kind);

/// A profile as JSON, with the field names of SGP.22.
boost::json::object to_json(const profile& one);
/// A notification as JSON.
boost::json::object to_json(const notification& one);

}  // namespace agent::lpa
