#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es9.hpp"
#include "agent/lpa/types.hpp"
#include "agent/net/http_client.hpp"
#include "platform/log.hpp"

#include <memory>
#include <string>

namespace agent::lpa {

/// The way to SM-DP+ servers for one card: its connections trust GSMA's CI roots that the card
/// accepts, the system's authorities, and those of a file (DESIGN, promise 5).
class smdp_access {
public:
    smdp_access(net::http_settings settings, std::string ca_file, platform::logger& log)
        : settings_(std::move(settings)), ca_file_(std::move(ca_file)), log_(log)
    {
    }

    /// Made at the first call, and anew for a card of other issuers: what one gave before is gone
    /// then. Fails if the file of authorities cannot be read.
    result<es9_client*> for_card(const euicc_info& card);

    /// Whether a server can be reached, and shows a certificate that is trusted; nothing is asked
    /// of it.
    task<void> probe(std::string address);

private:
    result<net::http_settings> settings_for(const std::vector<bytes>& ci_keys) const;

    net::http_settings settings_;
    std::string ca_file_;
    platform::logger& log_;
    std::vector<bytes> trusted_by_;  // the issuers of the card that the client is for
    std::unique_ptr<net::http_client> http_;
    std::unique_ptr<es9_client> client_;
};

}  // namespace agent::lpa
