// doctor: the modem or reader, the card in it, and what that has to tell.
#include "agent/cli/commands/card.hpp"
#include "agent/cli/doctor/doctor.hpp"
#include "agent/config/values.hpp"
#include "agent/lpa/ci_roots.hpp"
#include "platform/error.hpp"
#include "platform/euicc_channel.hpp"
#include "platform/holders.hpp"
#include "platform/wdm_port.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace agent::cli {
namespace {

using platform::channel_kind;

constexpr const char* modem = "modem";
constexpr const char* euicc = "eUICC";
constexpr const char* notifications = "notifications";

std::string list(const std::vector<std::string>& some)
{
    std::string out;
    for (const std::string& each : some)
        out += (out.empty() ? "" : ", ") + each;
    return out;
}

/// A control port that others share by a proxy; false if none runs.
bool check_proxy(examination& of)
{
    const config& settings = of.with.settings;
    bool has_control_port =
        settings.modem_channel == channel_kind::qmi || settings.modem_channel == channel_kind::mbim;
    std::string proxy = values::to_text(settings.modem_channel) + "-proxy";
    if (!has_control_port || !platform::is_listening(proxy))
        return false;
    if (::geteuid() == 0)
        of.ok(modem, settings.modem_device + ", by " + proxy);
    else
        of.fail(modem, failure(platform::channel_errc::no_device, proxy + " serves root alone"),
            "Run esim-agent as root, or use an AT port that a udev rule keeps ModemManager off: "
            "ENV{ID_MM_PORT_IGNORE}=\"1\".");
    return true;
}

/// The node, who may use it, and who else does.
void check_modem(examination& of)
{
    const config& settings = of.with.settings;
    if (settings.modem_installer == installer_kind::hook) {
        const std::string& program = settings.modem_installer_program;
        if (is_runnable(of, modem, program))
            of.ok(modem, "by " + program);
        return;
    }
    if (check_proxy(of))
        return;
    const std::string& device = settings.modem_device;
    bool is_node = settings.modem_channel != channel_kind::pcsc;
    if (is_node && ::access(device.c_str(), R_OK | W_OK) != 0) {
        error_code why(errno, boost::system::system_category());
        bool is_forbidden = why == boost::system::errc::permission_denied;
        return of.fail(modem,
            failure(platform::channel_errc::no_device, device + ": " + why.message()),
            is_forbidden
                ? "Add this user to the device's group (ls -l " + device + "), or run as root."
                : "Is the modem plugged in and awake? 'dmesg | tail' tells; set its device "
                  "in the configuration.");
    }
    std::vector<std::string> others =
        is_node ? platform::holders_of(device) : std::vector<std::string>();
    bool is_managed = settings.modem_control == platform::control_kind::modemmanager;
    std::erase_if(others, [is_managed](const std::string& each) {
        return each.starts_with("esim-agent ") || (is_managed && each.starts_with("ModemManager "));
    });
    if (!others.empty())
        return of.warn(modem, device + " is also open in " + list(others),
            "Stop it, or keep it off this port: two programs take each other's answers.");
    bool may_meddle = settings.modem_channel == channel_kind::at && !is_managed
                      && platform::is_running("ModemManager");
    if (may_meddle)
        return of.warn(modem, "ModemManager runs, and may open " + device,
            "Keep it off with a udev rule: ENV{ID_MM_PORT_IGNORE}=\"1\".");
    of.ok(modem, values::to_text(settings.modem_channel) + (device.empty() ? "" : ", " + device)
                     + (is_managed ? ", ModemManager's" : ""));
}

/// What the card says of itself.
struct card_facts {
    std::string eid{};
    std::optional<lpa::euicc_info> info{};  // none: an installer of one's own does not tell it
    std::size_t profiles = 0;
    std::string enabled{};
    std::size_t waiting = 0;
};

command read(session& with, card_facts& into)
{
    const char* const reading = "reading the eUICC";
    esim::installer& card = *with.device.installer;
    auto eid = co_await card.eid();
    if (!eid)
        co_return problem(reading, eid.error());
    into.eid = std::move(*eid);
    if (with.device.euicc != nullptr) {
        auto info = co_await with.device.euicc->info();
        if (!info)
            co_return problem(reading, info.error());
        into.info = std::move(*info);
    }
    auto profiles = co_await card.profiles();
    if (!profiles)
        co_return problem(reading, profiles.error());
    into.profiles = profiles->size();
    auto enabled = std::ranges::find(*profiles, lpa::profile_state::enabled, &lpa::profile::state);
    if (enabled != profiles->end())
        into.enabled = enabled->iccid.text();
    auto waiting = co_await card.notifications();
    if (!waiting)
        co_return problem(reading, waiting.error());
    into.waiting = waiting->size();
    co_return boost::system::result<void, problem>();
}

void tell(examination& of, const card_facts& found)
{
    std::string words = "EID " + found.eid + ", " + std::to_string(found.profiles)
                        + (found.profiles == 1 ? " profile" : " profiles");
    if (!found.enabled.empty())
        words += ", " + found.enabled + " enabled";
    if (!found.info) {
        of.ok(euicc, words);
        return of.skip(notifications, "the installer tells the servers by itself");
    }
    if (found.info->free_memory)
        words += ", " + std::to_string(*found.info->free_memory / 1024) + " kB free";
    constexpr std::uint64_t least = 64 * 1024;
    bool is_full = found.info->free_memory && *found.info->free_memory < least;
    const auto& keys = found.info->verification_keys;
    bool trusts_us = !lpa::ci_roots(keys).empty() || !of.with.settings.lpa_ca_file.empty();
    bool is_test = std::ranges::any_of(keys, [](const platform::bytes& each) {
        const lpa::ci_issuer* known = lpa::find_issuer(each);
        return known != nullptr && known->is_test;
    });
    std::string issuers;
    for (const platform::bytes& each : keys)
        issuers += (issuers.empty() ? "; accepts " : ", ") + lpa::issuer_words(each);
    if (is_full)
        of.warn(euicc, words, "A profile needs 20 to 60 kB: delete one that is not used.");
    else if (is_test && of.with.settings.lpa_ca_file.empty())
        of.warn(euicc, words + issuers + ": a test card",
            "It takes profiles of labs. Name their authority in <lpa ca-file=\"...\"/>.");
    else if (!trusts_us)
        of.warn(euicc, words + issuers + ", and the root of none is known here",
            "Ask the card's maker for its root, and name it in <lpa ca-file=\"...\"/>.");
    else
        of.ok(euicc, words + issuers);
    if (found.waiting == 0)
        return of.ok(notifications, "none wait");
    of.warn(notifications, std::to_string(found.waiting) + " wait on the card",
        "'esim-agent notification send' delivers them.");
}

/// What channel="auto" found, and the element that names it.
void tell_what_was_found(examination& of)
{
    const platform::modem_port& port = *of.with.found;
    std::string kind = name_of(port.kind);
    std::string words = kind + (port.device.empty() ? "" : ", " + port.device);
    of.ok(
        modem, words + (port.model.empty() ? "" : " (" + port.model + ")") + ", found by looking");
    of.modem_element = "<modem channel=\"" + kind + "\"";
    if (!port.device.empty())
        of.modem_element += " device=\"" + port.device + "\"";
    if (control_of(port.kind) != platform::control_kind::none)
        of.modem_element += " control=\"" + kind + "\"";
    of.modem_element += "/>";
}

/// What channel="auto" came to.
void check_found_modem(examination& of, const boost::system::result<void, problem>& done)
{
    if (of.with.found->kind != channel_kind::none)
        tell_what_was_found(of);
    else if (of.with.names_modem)
        of.fail(modem, done.error().why(), done.error().advice());
    else
        of.skip(modem, "none is configured, and no eUICC was found: this device shows QRs only ("
                           + done.error().why().detail() + ")");
}

}  // namespace

asio::awaitable<void> check_card(examination& of)
{
    bool is_looked_for = of.with.settings.modem_channel == channel_kind::automatic;
    if (!is_looked_for)
        check_modem(of);
    boost::system::result<void, problem> done;
    card_facts found;
    if (!of.has_failed(modem)) {
        session& with = of.with;
        auto work = [&with, &found] { return read(with, found); };
        done = co_await with_card(with, work);
        if (is_looked_for)
            check_found_modem(of, done);
    }
    if (of.has_failed(modem)) {
        of.skip(euicc, "needs a modem");
        of.skip(notifications, "needs a modem");
        co_return;
    }
    if (done)
        co_return tell(of, found);
    of.fail(euicc, done.error().why(), done.error().advice());
    of.skip(notifications, "needs the eUICC");
}

}  // namespace agent::cli
