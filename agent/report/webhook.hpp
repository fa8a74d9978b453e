#pragma once

#include "agent/net/http_client.hpp"
#include "agent/report/destination.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/secret.hpp"

#include <memory>
#include <string>
#include <vector>

namespace agent::report {

struct webhook_settings {
    net::url url{};
    std::string secret_file{};
    bool is_gigastore_format = false;
    net::http_settings http{};
};

/// An HTTPS endpoint that takes one report a POST, signed as Standard Webhooks has it
/// (https://www.standardwebhooks.com). 2xx is done, 410 ends it, 408, 425, 429, 3xx and 5xx pass,
/// any other 4xx refuses that report.
class webhook final : public destination {
public:
    webhook(webhook_settings settings, platform::logger& log);

    std::string name() const override;
    asio::awaitable<verdict> send(rendered_report what) override;
    asio::awaitable<void> serve() override;

private:
    webhook_settings settings_;
    net::http_client http_;
};

/// The webhook-signature header: one "v1,..." for each secret, in base64 of HMAC-SHA256 over
/// "id.seconds.body". Fails for a secret that is not base64 (with or without "whsec_" before it).
result<std::string> signatures_of(const platform::secret& secrets, const std::string& id,
    const std::string& seconds, std::string_view body);

}  // namespace agent::report
