#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_client.hpp"
#include "agent/net/retry.hpp"
#include "agent/net/url.hpp"
#include "platform/secret.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace agent::gigastore {

/// How this device proves to the API who it is. One of: id and secret (for benches, kiosks
/// and technicians), a bearer token, or only the TLS client certificate (an own gateway).
struct credential_files {
    std::string client_id{};
    std::string client_secret{};
    std::string bearer{};
    bool has_client_certificate = false;
};

/// The bearer token for the API: from a file, or from POST /reseller/authenticate and then
/// kept in memory and renewed a minute before it runs out (docs: API Authentification).
class credentials {
public:
    credentials(net::http_client& http, net::url base, credential_files files, net::backoff retries,
        platform::logger& log);

    /// The value of the Authorization header; empty where the client certificate is enough.
    /// However many callers wait, one request renews the token for all.
    task<platform::secret> authorization();

    /// Forgets `refused` if it is still the current one, so that the next call renews it.
    /// False if asking again would give the same.
    bool forget(const platform::secret& refused);

private:
    task<platform::secret> authenticate();
    task<platform::secret> read_bearer();

    net::http_client& http_;
    net::url base_;
    credential_files files_;
    net::backoff retries_;
    platform::logger& log_;
    platform::secret current_;
    std::chrono::steady_clock::time_point valid_until_{};
    std::shared_ptr<asio::steady_timer> renewal_;  // there while one request renews
};

}  // namespace agent::gigastore
