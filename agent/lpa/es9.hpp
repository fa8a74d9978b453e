#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es10.hpp"
#include "agent/net/http_client.hpp"
#include "agent/net/retry.hpp"

#include <string>

namespace agent::lpa {

/// The answer to InitiateAuthentication (SGP.22, 5.6.1).
struct authentication_offer {
    std::string transaction_id{};  // as the server writes it
    server_authentication server{};
};

/// The answer to AuthenticateClient (5.6.3).
struct profile_offer {
    bytes metadata{};  // BF25
    download_offer offer{};
};

/// Where an SM-DP+ address ("host" or "host:port") leads. Fails for anything else.
result<net::origin> smdp_origin(const std::string& address);

/// The SM-DP+'s side of an LPA: ES9+ over HTTPS (SGP.22, 5.6 and 6.5). Calls fail with a
/// net::errc if there is no answer, with errc::malformed_es9 for one that makes no sense, and
/// with the class of the codes (codes.hpp) if the SM-DP+ refuses. Only the first call of a
/// session and notifications are tried again by themselves: the others are good for one answer
/// (and sent twice only if a connection that was kept turns out to be closed).
class es9_client {
public:
    es9_client(net::http_client& http, platform::logger& log, net::backoff retries = {});

    task<authentication_offer> initiate_authentication(
        std::string address, bytes challenge, bytes info1);
    task<profile_offer> authenticate_client(
        std::string address, std::string transaction_id, bytes response);
    task<bytes> get_bound_profile_package(
        std::string address, std::string transaction_id, bytes response);
    task<void> cancel_session(std::string address, std::string transaction_id, bytes response);
    /// Tried again within the retry policy: servers take a notification twice.
    task<void> handle_notification(std::string address, bytes pending);

private:
    task<net::http_response> call(
        std::string address, std::string function, net::wiped_string body, int attempts);

    net::http_client& http_;
    platform::logger& log_;
    net::backoff retries_;
};

}  // namespace agent::lpa
