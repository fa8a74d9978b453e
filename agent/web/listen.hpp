#pragma once

#include "agent/net/http_server.hpp"

#include <string>

namespace agent::web {

/// Where pages are served.
struct place {
    std::string address = "127.0.0.1";
    unsigned short port = 0;         // 0: any that is free
    std::string certificate_file{};  // both for TLS
    std::string key_file{};
};

/// Binds a server to its place. `element` is the configuration's ("kiosk"), for words. Fails if a
/// file cannot be read, with its name, or the address not be had, with what to do.
result<void> listen(net::http_server& server, const place& at, const std::string& element);

}  // namespace agent::web
