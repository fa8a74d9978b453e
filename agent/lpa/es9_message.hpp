#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es9.hpp"

#include <optional>
#include <string_view>

namespace agent::lpa {

// What ES9+ answers say (SGP.22, 6.5.1.4 and 6.5.2): pure, so that it can be fuzzed.

/// The refusal that an answer is, "Failed" or "Expired", whatever its HTTP status; nothing if it is
/// none (6.5.1.4).
std::optional<failure> refusal_in(std::string_view body);

/// Nothing if the header says Executed-Success or Executed-WithWarning; else refusal() of its
/// codes. Fails with errc::malformed_es9 for what is no ES9+ answer.
result<void> read_status(std::string_view body);

result<authentication_offer> read_authentication_offer(std::string_view body);
result<profile_offer> read_profile_offer(std::string_view body);
result<bytes> read_bound_profile_package(std::string_view body);

}  // namespace agent::lpa
