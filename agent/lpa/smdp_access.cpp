#include "agent/lpa/smdp_access.hpp"

#include "agent/lpa/ci_roots.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

namespace agent::lpa {

result<net::http_settings> smdp_access::settings_for(const std::vector<bytes>& ci_keys) const
{
    net::http_settings settings = settings_;
    settings.user_agent = "gsma-rsp-lpad";  // SGP.22, 6.2
    settings.max_body = 4 * 1024 * 1024;
    settings.exchange_limit = std::chrono::minutes(1);  // some bind the package while we wait
    settings.tls.more_authorities = ci_roots(ci_keys);
    if (ca_file_.empty())
        return settings;
    auto more = platform::read_file(ca_file_);
    if (!more)
        return more.error().after("lpa ca-file: ");
    bool is_pem = more->find("BEGIN CERTIFICATE") != std::string::npos;
    if (!is_pem)
        return failure(platform::errc::configuration,
            "lpa ca-file '" + ca_file_ + "' holds no certificates (PEM)");
    settings.tls.more_authorities += *more;
    return settings;
}

task<void> smdp_access::probe(std::string address)
{
    auto settings = settings_for({});
    if (!settings)
        co_return settings.error();
    auto url = net::parse_url("https://" + address);
    if (!url)
        co_return url.error();
    net::http_client http(std::move(*settings), log_);
    net::http_request request;
    request.target = "/";
    auto answer = co_await http.exchange(url->where, std::move(request));
    if (!answer)
        co_return answer.error();
    co_return result<void>();  // whatever it says to that
}

result<es9_client*> smdp_access::for_card(const euicc_info& card)
{
    if (client_ && trusted_by_ == card.verification_keys)
        return client_.get();
    auto settings = settings_for(card.verification_keys);
    if (!settings)
        return settings.error();
    http_ = std::make_unique<net::http_client>(std::move(*settings), log_);
    net::backoff retries;
    retries.total = std::chrono::seconds(10);  // a person waits, and can run it again
    client_ = std::make_unique<es9_client>(*http_, log_, retries);
    trusted_by_ = card.verification_keys;
    return client_.get();
}

}  // namespace agent::lpa
