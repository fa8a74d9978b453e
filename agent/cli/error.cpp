#include "agent/cli/error.hpp"

namespace agent::cli {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry entries[] = {
    {errc::daemon_silent, failure_class::may_pass, "daemon_silent", "the daemon does not answer",
        "See what it does ('journalctl -u esim-agent'); if it hangs, restart it ('systemctl "
        "restart "
        "esim-agent'): nothing is lost."},
    {errc::daemon_garbled, failure_class::internal, "daemon_garbled",
        "the daemon's answer makes no sense",
        "Check that daemon and command are of one version ('esim-agent --version')."},
    {errc::daemon_forbids, failure_class::usage, "permission_denied",
        "this user may not ask the daemon",
        "Run it as root, or as a member of the group that <control group=\"...\"/> names."},
    {errc::daemon_absent, failure_class::wrong_state, "no_daemon", "no daemon runs",
        "Start it: 'systemctl start esim-agent'."},
    {errc::reports_wait, failure_class::may_pass, "reports_wait", "some reports still wait",
        "'esim-agent report list' shows them; they are sent again by themselves."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"esim-agent's daemon", entries, true};
    return room;
}

}  // namespace agent::cli
