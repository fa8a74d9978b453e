#include "agent/lpa/smdp_access.hpp"

#include "agent/lpa/ci_roots.hpp"
#include "platform/storage.hpp"

namespace agent::lpa {

result<es9_client*> smdp_access::for_card(const euicc_info& card)
{
    if (client_)
        return client_.get();
    net::http_settings settings = settings_;
    settings.user_agent = "gsma-rsp-lpad";  // SGP.22, 6.2
    settings.max_body = 4 * 1024 * 1024;
    settings.exchange_limit = std::chrono::minutes(1);  // some bind the package while we wait
    settings.tls.more_authorities = ci_roots(card.verification_keys);
    if (!ca_file_.empty()) {
        auto more = platform::read_file(ca_file_);
        if (!more)
            return failure(more.error().code(), "lpa ca-file: " + more.error().detail());
        bool is_pem = more->find("BEGIN CERTIFICATE") != std::string::npos;
        if (!is_pem)
            return failure(boost::system::errc::invalid_argument,
                "lpa ca-file '" + ca_file_ + "' holds no certificates (PEM)");
        settings.tls.more_authorities += *more;
    }
    http_ = std::make_unique<net::http_client>(std::move(settings), log_);
    net::backoff retries;
    retries.total = std::chrono::seconds(10);  // a person waits, and can run it again
    client_ = std::make_unique<es9_client>(*http_, log_, retries);
    return client_.get();
}

}  // namespace agent::lpa
