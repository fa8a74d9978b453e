#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es9.hpp"
#include "agent/lpa/euicc.hpp"
#include "agent/lpa/journal.hpp"
#include "agent/lpa/types.hpp"
#include "platform/log.hpp"
#include "platform/secret.hpp"

#include <string>
#include <vector>

namespace agent::lpa {

/// Where a download is, for whoever watches.
enum class step { authenticating, approving, fetching, loading };

enum class decision { yes, later, never };

/// Who decides and watches: a person at a terminal, or a policy.
class download_dialogue {
public:
    download_dialogue() = default;
    virtual ~download_dialogue() = default;
    download_dialogue(const download_dialogue&) = delete;
    download_dialogue& operator=(const download_dialogue&) = delete;

    /// A step has begun, or is `percent` done.
    virtual void progress(step at, int percent) = 0;
    /// Whether this profile is wanted. `needs_consent`: the card demands that the user agrees to
    /// its policy rules (SGP.22, 2.9.2.4).
    virtual task<decision> approve(profile_metadata offered, bool needs_consent) = 0;
    /// The confirmation code; `tries_left` counts down from 3. A failure ends the download.
    virtual task<platform::secret> confirmation_code(int tries_left) = 0;
};

/// What is to be downloaded, and what the card held before.
struct download_order {
    activation_code code{};
    std::vector<profile> on_card{};
    euicc_info card{};  // at least what EUICCInfo1 says
};

struct download_outcome {
    profile_metadata metadata{};
    bool was_there = false;        // it was on the card already, and nothing was loaded
    installation_result result{};  // of a profile that was installed
};

/// Downloads a profile and installs it (SGP.22, 3.1.2 and 3.1.3): checks the SM-DP+ before the
/// card signs anything, asks the dialogue, loads the package. Before the package is loaded any
/// failure, and being cancelled, also cancels the session, with the true reason: "postponed"
/// keeps the order usable. Afterwards a lost card is errc::outcome_unknown: look at it.
///
/// A result that is a failure was sent to the SM-DP+, if it could be, and is in the notifications
/// of the card otherwise. Success leaves the install notification to the caller.
task<download_outcome> download(euicc& card, es9_client& smdp, download_order order,
    download_dialogue& with, journal& memory, platform::logger& log);

}  // namespace agent::lpa
