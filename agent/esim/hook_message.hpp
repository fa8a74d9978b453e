#pragma once

#include "agent/base/json.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/lpa/download.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace agent::esim {

// What a program that installs for this one says: a JSON object on a line (esim-agent-hook(7)).

/// {"step": "loading", "percent": 40}
struct hook_progress {
    lpa::step at = lpa::step::loading;
    int percent = 0;
};

/// {"offers": {"iccid": ..., "profileName": ..., "needsConsent": true}}; it awaits a decision.
struct hook_offer {
    lpa::profile_metadata offered{};
    bool needs_consent = false;
};

/// {"needs": "confirmationCode", "triesLeft": 2}; it awaits the code.
struct hook_question {
    int tries_left = 3;
};

/// {"result": "ok", ...}; {"result": "failed", ...} is a failure.
struct hook_answer {
    std::string eid{};
    std::string imei{};
    std::vector<lpa::profile> profiles{};
    lpa::profile_metadata installed{};
    bool was_there = false;
};

/// A line that is no message: it is for the log.
struct hook_remark {};

using hook_message =
    std::variant<hook_remark, hook_progress, hook_offer, hook_question, result<hook_answer>>;

/// Reads a line. A message that is not as the manual has it is errc::hook_trouble.
hook_message read_hook_message(const std::string& line);

/// {"activationCode": "LPA:1$...", "device": ...}, as a line; `name` and `value` may be a secret.
platform::wiped_string hook_order(
    std::string_view name, std::string_view value, const std::string& device);

/// {"decision": "accept"}, "postpone" or "reject", as a line.
std::string hook_decision(lpa::decision what);

/// {"confirmationCode": "..."}, as a line; null if there is none.
platform::wiped_string hook_confirmation(const platform::secret* code);

}  // namespace agent::esim
