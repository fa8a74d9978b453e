#pragma once

#include "agent/cli/commands.hpp"
#include "agent/gigastore/types.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace agent::cli {

enum class verdict { ok, warning, error, skipped };

/// What one check came to.
struct finding {
    std::string name{};
    verdict is = verdict::ok;
    std::string words{};
    std::string advice{};
    int exit_status = exit_done;
};

/// What `doctor` found so far, in the order of its checks: what something rests on comes before it,
/// and what cannot be told because of that is skipped, so that the first error is the one to fix.
class examination {
public:
    explicit examination(session& by) : with(by) {}

    void ok(std::string name, std::string words);
    void warn(std::string name, std::string words, std::string advice);
    /// With the words and advice that other commands have for this failure, unless `advice` is
    /// better.
    void fail(std::string name, const failure& why, std::string advice = {});
    void skip(std::string name, const std::string& because);
    bool has_failed(const std::string& name) const;

    session& with;
    std::vector<finding> findings{};
    std::optional<gigastore::customer> customer{};
    std::string modem_element{};  // for the configuration: the modem whose card was found
    bool is_daemon_there = false;
    boost::json::object status{};  // the daemon's
    boost::json::array log{};      // its last lines, for a bundle
};

// The checks, in the files of their names.
asio::awaitable<void> check_device(examination& of);   // configuration, files, clock
asio::awaitable<void> check_network(examination& of);  // DNS, proxy, TLS, credentials, SM-DP+
asio::awaitable<void> check_card(examination& of);     // modem, eUICC, notifications
asio::awaitable<void> check_data(examination& of);     // data through the modem
asio::awaitable<void> check_state(examination& of);    // daemon, reports, disk
asio::awaitable<void> check_reports(examination& of);  // outbox, destinations

/// False, and said as `check`'s finding, if a program of the integrator's cannot be run, or others
/// may have put it there: it runs with our rights.
bool is_runnable(examination& of, const char* check, const std::string& program);

/// Asks the daemon, if there is one, for its last lines.
asio::awaitable<void> fetch_log(examination& of);

/// All findings: {"healthy", "first", "checks": [...]}.
boost::json::object to_json(const examination& of);

/// What can be sent to support, as one JSON document: the findings, the configuration without what
/// its files hold, what the daemon remembers and does, and this system. It holds no secret.
boost::json::object to_bundle(const examination& of);

/// A bundle with what can be told without a configuration.
boost::json::object to_bundle(boost::json::object findings);

/// What `doctor` says, and writes, where the configuration cannot even be read.
int diagnose(const failure& configuration, const doctor_options& options, bool json);

}  // namespace agent::cli
