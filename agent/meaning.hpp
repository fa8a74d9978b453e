#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>

namespace agent {

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

/// What a class of failure means to people, scripts and the daemon.
struct meaning {
    error_code code{};
    int exit_status = exit_internal;
    const char* name = "internal";  // a word for scripts and reports: "not_found"
    const char* advice = "";        // what to do next; may be empty
};

/// What `code` means; "internal" for one that nobody foresaw.
meaning meaning_of(const error_code& code);

/// The code of that name, for a failure that comes from the daemon; an internal one for a name that
/// is not known.
error_code code_named(const std::string& name);

/// A failure in words, without secrets, on one line.
std::string words_of(const failure& why);

}  // namespace agent
