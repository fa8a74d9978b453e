#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/config/config.hpp"
#include "platform/log.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>

namespace agent {

/// Loads the configuration again.
using config_source = std::function<result<config>()>;

/// `esim-agent run`: provisions, reports and answers until SIGTERM, within two seconds whatever
/// hangs. SIGHUP loads the configuration again; a bad one is refused, and the old one kept. Fails
/// if it cannot begin.
result<void> run_daemon(
    asio::io_context& io, const config& settings, const config_source& load, platform::logger& log);

}  // namespace agent
