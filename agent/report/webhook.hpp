#pragma once

#include "agent/net/http_client.hpp"
#include "agent/report/destination.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/secret.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace agent::report {

struct webhook_settings {
    std::optional<net::url> url{};
    std::string url_file{};  // holds the URL if there is none here
    std::string secret_file{};
    bool is_gigastore_format = false;
    std::string posted_file{};  // where the states that were posted are kept; empty: in memory
    net::http_settings http{};
};

/// An HTTPS endpoint that takes one report a POST, signed as Standard Webhooks has it
/// (https://www.standardwebhooks.com). 2xx is done, 410 ends it, 408, 425, 429, 3xx and 5xx pass,
/// any other 4xx refuses that report. An answer counts once its status line has come. Gigastore's
/// format is posted when a profile's state is another than the one posted last.
class webhook final : public destination {
public:
    webhook(webhook_settings settings, platform::logger& log);

    std::string name() const override;
    task<std::string> check(device_identity as) override;
    asio::awaitable<verdict> send(rendered_report what) override;
    asio::awaitable<void> serve() override;

private:
    result<net::url> url() const;
    /// The header of that report; empty without a secret. Fails if the secret cannot be used.
    result<std::string> signatures(
        const std::string& id, const std::string& seconds, std::string_view body) const;
    /// True if the receiver knows that state already.
    bool is_old_news(const rendered_report& what) const;
    void load_posted();
    void note_posted(const rendered_report& what);

    webhook_settings settings_;
    net::http_client http_;
    platform::logger& log_;
    std::map<std::string, std::string> posted_;  // Gigastore's format: states by ICCID
};

/// The webhook-signature header: one "v1,..." for each secret, in base64 of HMAC-SHA256 over
/// "id.seconds.body". Fails for a secret that is not base64 (with or without "whsec_" before it).
result<std::string> signatures_of(const platform::secret& secrets, const std::string& id,
    const std::string& seconds, std::string_view body);

}  // namespace agent::report
