#pragma once

#include "agent/cli/commands.hpp"
#include "agent/net/local_http.hpp"

#include <memory>
#include <optional>
#include <string>

namespace agent::cli {

/// Asks the daemon of this device; nothing if none runs. Its problems come back with the class,
/// name and advice that they have there; within 5 s it has answered, or is errc::daemon_silent.
task<std::optional<platform::wiped_string>> ask_daemon(
    const session& with, std::string method, std::string target, std::string body = {});

/// What an answer is that is no JSON: errc::daemon_garbled.
failure garbled_answer();

/// Borrows the card from the daemon, for as long as what it gives lives; null if no daemon runs,
/// or it may not be asked. Fails with channel_errc::busy while the daemon uses the card.
task<std::shared_ptr<net::byte_stream>> borrow_card(const session& with);

}  // namespace agent::cli
