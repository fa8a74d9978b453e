// The provisioner's steps that wait for the modem: it reads its card anew, and gets onto a network.
#include "agent/base/redact.hpp"
#include "agent/esim/find_profile.hpp"
#include "agent/provision/error.hpp"
#include "agent/provision/steps.hpp"
#include "platform/timeout.hpp"

namespace agent::provision {
namespace {

constexpr std::chrono::seconds registration_pause{2};

task<void> query_modem(step_context& with, iccid which, bool& is_refreshed)
{
    platform::modem_control& modem = *with.on.modem;
    auto has = co_await modem.iccid();
    if (!has)
        co_return has.error();
    // Some modems do not tell what card they have: once they have read it anew, they are believed.
    bool is_right = iccid::from(*has) == which || (has->empty() && is_refreshed);
    if (!is_right && !is_refreshed) {
        with.show("the modem reads its card anew", {});
        is_refreshed = true;
        auto refreshed = co_await modem.refresh();
        co_return refreshed;
    }
    auto registered = co_await modem.registration();
    if (!registered)
        co_return registered.error();
    if (!is_right)
        registered->state = platform::registration_state::unknown;
    with.now.network = *registered;
    co_return result<void>();
}

task<void> await_network(step_context& with, iccid which)
{
    auto end = std::chrono::steady_clock::now() + with.settings.registration_limit;
    bool is_refreshed = false;
    while (std::chrono::steady_clock::now() < end) {
        // The modem is free for others in between.
        auto query = [&with, which, &is_refreshed] {
            return query_modem(with, which, is_refreshed);
        };
        auto asked = co_await with_modem(with, query);
        if (!asked)
            co_return asked.error();
        if (with.is_outdated())
            co_return result<void>();
        if (!with.now.network)
            continue;
        if (with.now.network->is_registered())
            co_return result<void>();
        with.show(std::string("waiting for the network: ") + name_of(with.now.network->state), {});
        co_await platform::pause(registration_pause);
    }
    std::string last = with.now.network ? name_of(with.now.network->state) : "unknown";
    auto seconds = std::to_string(with.settings.registration_limit.count());
    co_return failure(
        errc::not_registered, "the modem says '" + last + "' after " + seconds + " s");
}

}  // namespace

task<void> with_modem(step_context& with, std::function<task<void>()> work)
{
    auto lease = co_await with.on.gate.take("asking the modem", gate_limit);
    if (!lease)
        co_return lease.error();
    auto opened = co_await with.on.modem->open();
    result<void> done = opened;
    if (opened)
        done = co_await work();
    with.on.modem->close();
    co_return done;
}

task<void> await_registration(step_context& with, iccid which)
{
    const iccid& before = with.now.past.working_iccid;
    bool can_fall_back = with.now.allowed.falls_back && !(before == which)
                         && esim::find_profile(with.now.card->profiles, before) != nullptr;
    with.now.network.reset();
    auto done = co_await await_network(with, which);
    bool is_offline = !done && done.error() == errc::not_registered;
    if (!is_offline)
        co_return done;
    with.on.log.warning(words_of(done.error()));
    with.reports.announce_failure(done.error());
    with.now.has_tried_network = true;
    if (can_fall_back)
        with.now.past.unusable_iccid = which;
    with.reports.save();
    co_return result<void>();  // the next step is to fall back, or to wait for better times
}

task<void> fall_back(step_context& with, iccid which)
{
    auto done = co_await enable_on_card(with, which, "enabling the profile that worked");
    if (!done)
        co_return done.error();
    if (with.now.allowed.controls_modem) {
        with.now.network.reset();
        auto registered = co_await await_network(with, which);
        if (!registered)
            with.on.log.warning("back on the old profile: " + words_of(registered.error()));
    }
    co_return result<void>();
}

}  // namespace agent::provision
