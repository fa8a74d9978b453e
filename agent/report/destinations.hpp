#pragma once

#include "agent/config/config.hpp"
#include "agent/net/proxy.hpp"
#include "agent/report/courier.hpp"
#include "agent/report/outbox.hpp"

#include <memory>
#include <vector>

namespace agent::report {

/// How much the outbox may hold.
outbox_limits limits_of(const config& settings);

/// What identifies each destination that is configured, in their order.
std::vector<std::string> keys_of(const config& settings);

/// What a destination in the configuration stands for; it keeps what it has to in that directory.
std::unique_ptr<destination> make_destination(const report_destination& one,
    const std::string& state_directory, const net::proxy_settings& proxies, platform::logger& log);

/// A courier for each destination that is configured.
std::vector<std::unique_ptr<courier>> make_couriers(const config& settings,
    const net::proxy_settings& proxies, outbox& from, platform::logger& log);

}  // namespace agent::report
