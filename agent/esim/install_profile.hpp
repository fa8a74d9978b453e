#pragma once

#include "agent/lpa/download.hpp"
#include "agent/lpa/smdp_access.hpp"

namespace agent::esim {

/// The eUICC of this device, and what belongs to it.
struct card_access {
    lpa::euicc* card = nullptr;  // null: no modem or reader is configured
    lpa::smdp_access* servers = nullptr;
    lpa::journal* journal = nullptr;
};

/// What is to be downloaded, with what the open card says of itself.
task<lpa::download_order> prepare_download(card_access on, activation_code code);

/// Downloads a profile onto the open card: lpa::download() from the servers that the card trusts.
task<lpa::download_outcome> install_profile(
    card_access on, lpa::download_order what, lpa::download_dialogue& with, platform::logger& log);

}  // namespace agent::esim
