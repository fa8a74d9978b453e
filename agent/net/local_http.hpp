#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_message.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace agent::net {

/// An answer, and the connection it came on, which stays open with this.
struct local_answer {
    http_response response{};
    std::shared_ptr<byte_stream> connection{};
};

/// Asks the server behind a Unix socket. Fails with no_such_file_or_directory or
/// connection_refused if there is none, with errc::timeout if it does not answer within `limit`.
/// With `stays_open` it returns after the answer's header and what came with it.
task<local_answer> ask_local(std::string path, http_request request, bool stays_open = false,
    std::chrono::milliseconds limit = std::chrono::seconds(5));

}  // namespace agent::net
