#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_message.hpp"
#include "agent/net/proxy.hpp"
#include "agent/net/tls.hpp"
#include "agent/net/url.hpp"
#include "platform/log.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace agent::net {

struct http_settings {
    tls_settings tls{};
    proxy_settings proxies{};
    std::string user_agent = "esim-agent";
    std::string interface_name{};  // the only one to go out by; empty: as the routes say
    std::chrono::milliseconds connect_limit{10'000};
    std::chrono::milliseconds exchange_limit{30'000};
    std::size_t max_body = 16 * 1024 * 1024;
};

/// HTTPS/1.1, verified, one exchange at a time on each connection, connections kept for the
/// next exchange with the same host. Reads no file and opens nothing before it is used.
class http_client {
public:
    http_client(http_settings settings, platform::logger& log);
    ~http_client();
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    /// Sends one request and gives the whole answer, whatever its status. Fails within
    /// `exchange_limit`, with errc::outcome_unknown if a request that is not repeatable may
    /// have arrived. Redirects are answers like others. Cancelling closes the connection.
    task<http_response> exchange(origin where, http_request request);

    /// Connects and shakes hands, no more; with an `interface`, by that one only, and past
    /// the proxy.
    task<void> reach(origin where, std::string interface = {});

private:
    struct core;
    std::unique_ptr<core> core_;
};

}  // namespace agent::net
