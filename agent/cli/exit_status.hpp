#pragma once

#include "platform/failure.hpp"

namespace agent::cli {

// The exit statuses; scripts rely on them (DESIGN, the command line).
constexpr int exit_done = 0;
constexpr int exit_internal = 1;
constexpr int exit_usage = 2;
constexpr int exit_not_found = 3;
constexpr int exit_credentials = 4;
constexpr int exit_may_pass = 5;
constexpr int exit_card = 6;
constexpr int exit_refused = 7;
constexpr int exit_confirmation = 8;
constexpr int exit_unknown = 9;
constexpr int exit_interrupted = 130;

/// What a process ends with that failed like this.
int exit_status_of(platform::failure_class kind);

}  // namespace agent::cli
