#include "agent/cli/commands/card.hpp"

#include "agent/cli/daemon_client.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/esim/card_session.hpp"
#include "agent/esim/set_profile_state.hpp"
#include "agent/lpa/error.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace agent::cli {
namespace {

constexpr const char* reading = "reading the eUICC";

problem no_modem()
{
    failure why(platform::errc::configuration, "no modem or card reader is configured");
    return {{}, why,
        "Put <modem/> into agent.xml to have it looked for; 'esim-agent doctor' shows what is "
        "there."};
}

/// A line for each server that could not be told.
void tell_each_that_stays(const std::vector<lpa::delivery>& sent)
{
    std::vector<std::string> told;
    for (const lpa::delivery& each : sent) {
        const std::string& server = each.about.address;
        bool is_known = std::ranges::find(told, server) != told.end();
        if (!each.why_not || is_known)
            continue;
        told.push_back(server);
        std::string kinds;
        for (const lpa::delivery& other : sent) {
            if (!other.why_not || other.about.address != server)
                continue;
            kinds += kinds.empty() ? "" : ", ";
            kinds += name_of(other.about.what);
        }
        std::string line = "What " + server + " has to be told (";
        line += kinds + ") stays on the card: " + each.why_not->message();
        std::fprintf(stderr, "%s\n  'esim-agent notification send' tries again.\n",
            platform::printable(line).c_str());
    }
}

command with_open_card(session& with, const std::function<command()>& work)
{
    auto opened = co_await with.device.installer->open();
    if (!opened)
        co_return problem("opening the eUICC", opened.error());
    co_return co_await work();
}

}  // namespace

command with_card(session& with, std::function<command()> work)
{
    if (with.device.installer == nullptr)
        co_return no_modem();
    // Who no longer reads the progress does not mean to stop the card in the middle.
    ::signal(SIGPIPE, SIG_IGN);
    auto borrowed = co_await borrow_card(with);
    if (!borrowed)
        co_return problem("opening the eUICC", borrowed.error(),
            "'esim-agent status' shows what it does; run the command again then.");
    auto working = esim::closing_card(*with.device.installer, with.log, with_open_card(with, work));
    co_return co_await std::move(working);
}

void tell_what_stays(const session& with, const result<std::vector<lpa::delivery>>& sent)
{
    if (!sent)
        with.log.warning("notifications stay on the card: " + sent.error().message());
    else
        tell_each_that_stays(*sent);
}

task<std::vector<lpa::delivery>> send_pending(session& with)
{
    auto sending = with.device.installer->send_notifications();
    auto sent = co_await std::move(sending);
    tell_what_stays(with, sent);
    co_return std::move(sent);
}

asio::awaitable<boost::system::result<lpa::profile, problem>> find_profile(
    session& with, std::string named)
{
    auto which = iccid::parse(named);
    failure none(platform::errc::usage, "'" + named + "' is no ICCID: that has 18 to 22 digits");
    if (!which)
        co_return problem({}, none, "'esim-agent profile list' shows those on the card.");
    auto found = co_await esim::find_profile(*with.device.installer, *which);
    if (found)
        co_return std::move(*found);
    bool is_absent = found.error() == lpa::errc::no_such_profile;
    co_return problem(is_absent ? "" : reading, found.error());
}

std::string title_of(const std::string& name, const std::string& provider)
{
    std::string out = name.empty() ? "a profile without a name" : "'" + name + "'";
    if (!provider.empty())
        out += " of " + provider;
    return platform::printable(out);
}

std::string title_of(const lpa::profile& one)
{
    return title_of(one.nickname.empty() ? one.name : one.nickname, one.service_provider);
}

}  // namespace agent::cli
