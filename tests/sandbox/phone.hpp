#pragma once

#include <string>

namespace sandbox {

struct phone_options {
    std::string code_file{};
    std::string directory = "sandbox-state";  // of the sandbox that is running
    bool deletes = false;
};

/// A person's phone that scanned the QR: installs the profile on an eUICC of its own (or deletes
/// it again) and tells the SM-DP+, so that Gigastore shows it. Gives the exit status.
int run_phone(const phone_options& chosen);

}  // namespace sandbox
