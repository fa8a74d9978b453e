#pragma once

#include "platform/failure.hpp"

namespace agent::net {

/// What can come of asking a server, each value named for what the caller does about it.
enum class errc {
    not_found = 1,        // 404: ask for something else
    credentials_refused,  // 401: the credentials are wrong
    not_allowed,          // 403: right credentials, but they may not do this
    rate_limited,         // 429: come back later
    refused,              // any other 4xx: the server says why, and will say it again
    server_trouble,       // 5xx: may pass
    malformed_answer,     // not what the API promises, or larger than it ever is
    proxy_refused,        // the proxy wants other credentials
    captive_portal,       // a login page of the local network answers in the server's place
    tls,                  // the server could not prove who it is
    expired,              // its certificate has run out
    clock,                // nor could anybody, with the clock of this device
    name_lookup,          // DNS
    unreachable,          // no connection, or it broke
    timeout,              // the limit on the exchange was reached
    outcome_unknown,      // the request went out, and no answer says whether it was carried out
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::net

template <>
struct boost::system::is_error_code_enum<agent::net::errc> : std::true_type {
};
