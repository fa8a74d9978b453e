#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/config/config.hpp"
#include "agent/esim/installer.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/lpa/euicc.hpp"
#include "agent/lpa/journal.hpp"
#include "agent/lpa/smdp_access.hpp"
#include "agent/net/http_client.hpp"
#include "agent/net/proxy.hpp"
#include "platform/auto_channel.hpp"
#include "platform/isd_r.hpp"
#include "platform/log.hpp"
#include "platform/modem_control.hpp"

#include <memory>
#include <optional>

namespace agent {

/// The objects that a configuration stands for; commands and daemon work with them.
class components {
public:
    /// Opens nothing yet. Fails with what is wrong in the configuration.
    static result<std::unique_ptr<components>> make(const config& settings, platform::logger& log);

    ~components() = default;
    components(const components&) = delete;
    components& operator=(const components&) = delete;

    esim::card_access device() const;

    net::url gigastore_url{};
    net::proxy_settings proxies{};
    std::unique_ptr<net::http_client> http{};
    std::unique_ptr<gigastore::client> api{};
    std::unique_ptr<lpa::journal> journal{};
    std::unique_ptr<lpa::smdp_access> servers{};
    platform::found_port found = std::make_shared<platform::modem_port>();  // by channel="auto"
    std::unique_ptr<platform::euicc_channel> channel{};  // null: there is none to use
    std::unique_ptr<platform::isd_r> isd_r{};
    std::unique_ptr<lpa::euicc> card{};
    std::unique_ptr<esim::installer> installer{};      // null: no modem is configured
    std::unique_ptr<platform::modem_control> modem{};  // null: it is not controlled

private:
    components() = default;
};

}  // namespace agent
