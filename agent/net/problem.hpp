#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_client.hpp"

#include <string>

namespace agent::net {

/// The server's own words in an answer: from problem+json (detail, else title), "message",
/// "error", or plain text; empty for HTML or nothing. At most 300 characters on one line,
/// and without secrets that it may repeat.
std::string words_of(const http_response& answer);

/// Nothing if the answer is a success that may be parsed as JSON; else a net::errc with the
/// HTTP status and the server's words. HTML where JSON is due, and a redirect to another
/// place, are taken for a captive portal.
failure problem_of(const http_response& answer);

}  // namespace agent::net
