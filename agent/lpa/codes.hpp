#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/error.hpp"

#include <string>
#include <string_view>

namespace agent::lpa {

/// How an ES9+ call was refused (SGP.22, 5.2.6).
struct status_codes {
    std::string subject{};     // "8.2.6"
    std::string reason{};      // "3.8"
    std::string message{};     // the server's words
    std::string identifier{};  // subjectIdentifier
};

/// The failure that subject and reason codes stand for: its class, both codes, plain words, and
/// the server's own. Pairs that no table lists are named after the families of their parts.
failure refusal(const status_codes& codes);

// What the card answers with, by function; 0 and "ok" never come here.

/// AuthenticateErrorCode (5.7.13).
failure authenticate_failure(int code);
/// DownloadErrorCode of PrepareDownload (5.7.5).
failure prepare_failure(int code);
/// BppCommandId and ErrorReason of a ProfileInstallationResult (2.5.6).
failure installation_failure(int command, int reason);
/// CancelSession's error (5.7.14).
failure cancel_failure(int code);
/// EnableResult, DisableResult, DeleteResult (5.7.16 to 5.7.18) and the nickname's (5.7.21).
failure profile_failure(std::string_view doing, int code);

}  // namespace agent::lpa
