#pragma once

namespace platform {

/// What this process takes, as the kernel counts it; 0 where /proc does not say.
struct process_stats {
    double resident_octets = 0;
    double open_files = 0;
};

process_stats read_process_stats();

}  // namespace platform
