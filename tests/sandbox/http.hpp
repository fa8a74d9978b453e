#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

/// A request as the routes see it.
struct request {
    std::string method{};
    std::string target{};  // as it came: path and query
    std::string path{};    // percent-decoded, without the query
    std::map<std::string, std::string> query{};
    std::string authorization{};
    std::string idempotency_key{};
    std::string content_type{};
    std::map<std::string, std::string> webhook{};  // webhook-id, webhook-timestamp, ...
    std::string admin_protocol{};                  // X-Admin-Protocol (SGP.22, 6.2)
    std::string body{};
};

struct response {
    unsigned status = 200;
    std::string body{};
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers{};
};

using handler = std::function<response(const request&)>;

}  // namespace sandbox
