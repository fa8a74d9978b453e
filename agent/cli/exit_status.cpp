#include "agent/cli/exit_status.hpp"

namespace agent::cli {

int exit_status_of(platform::failure_class kind)
{
    using platform::failure_class;
    switch (kind) {
    case failure_class::nothing_to_do: return exit_done;
    case failure_class::internal: return exit_internal;
    case failure_class::usage:
    case failure_class::configuration: return exit_usage;
    case failure_class::not_found: return exit_not_found;
    case failure_class::credentials: return exit_credentials;
    case failure_class::may_pass:
    case failure_class::obstructed: return exit_may_pass;
    case failure_class::card:
    case failure_class::busy:
    case failure_class::wrong_state: return exit_card;
    case failure_class::refused:
    case failure_class::forbidden: return exit_refused;
    case failure_class::confirmation: return exit_confirmation;
    case failure_class::unknown: return exit_unknown;
    case failure_class::interrupted: return exit_interrupted;
    }
    return exit_internal;
}

}  // namespace agent::cli
