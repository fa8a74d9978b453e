// The provisioner's step from a network to data.
#include "agent/base/redact.hpp"
#include "agent/esim/find_profile.hpp"
#include "agent/provision/data_program.hpp"
#include "agent/provision/error.hpp"
#include "agent/provision/steps.hpp"
#include "platform/apn_database.hpp"
#include "platform/storage.hpp"
#include "platform/timeout.hpp"

namespace agent::provision {
namespace {

constexpr std::chrono::seconds probe_pause{3};

/// The access point that is usual for the profile's IMSI; the modem's own if none is known.
void guess_access_point(step_context& with, const iccid& which, platform::data_settings& into)
{
    const lpa::profile* ours = esim::find_profile(with.now.card->profiles, which);
    auto found = platform::find_access_point(platform::apn_database_file, with.now.past.imsi,
        ours == nullptr ? "" : ours->service_provider);
    if (!found)
        return with.on.log.warning("no APN is guessed: " + found.error().message());
    if (!*found)
        return with.on.log.warning("no APN is known for this IMSI; the modem's own is used");
    into.apn = (*found)->apn;
    if (!into.user.empty())
        return;  // somebody knows better
    into.user = (*found)->user;
    into.password = platform::secret((*found)->password);
}

result<platform::data_settings> settings_of(step_context& with, const iccid& which)
{
    const data_wish& wish = with.settings.data;
    platform::data_settings out;
    out.apn = wish.apn;
    out.user = wish.user;
    out.roams = wish.roams;
    out.connects = wish.connects;
    if (wish.is_apn_guessed)
        guess_access_point(with, which, out);
    if (wish.password_file.empty())
        return out;
    auto password = platform::read_secret_file(wish.password_file);
    if (!password)
        return password.error();
    out.password = std::move(*password);
    return out;
}

task<void> connect_modem(step_context& with, data_order& order)
{
    auto connected = co_await with.on.modem->connect_data(order.wanted);
    if (!connected)
        co_return connected.error();
    order.there = std::move(*connected);
    co_return result<void>();
}

/// What has to be done before Gigastore can be reached.
task<void> set_data_up(step_context& with, data_order& order)
{
    bool has_modem = with.on.modem != nullptr && with.on.modem->is_there();
    if (has_modem) {
        auto connect = [&with, &order] { return connect_modem(with, order); };
        auto connected = co_await with_modem(with, connect);
        // ModemManager has one word for "not abroad" and "not you": both are not the card's fault.
        bool is_refused = !connected
                          && (connected.error() == platform::channel_errc::refused
                              || connected.error() == platform::channel_errc::forbidden);
        if (is_refused)
            co_return failure(errc::not_online, words_of(connected.error()));
        if (!connected)
            co_return connected.error();
    }
    order.port = order.there.interface_name;
    if (!with.settings.modem_interface.empty())
        order.there.interface_name = with.settings.modem_interface;
#ifdef ESIM_AGENT_HOOK
    const data_wish& wish = with.settings.data;
    if (!wish.program.empty()) {
        with.show("bringing the interface up", {});
        auto up = co_await run_data_program(wish.program, order, wish.limit, with.on.log);
        co_return up;
    }
#endif
    co_return result<void>();
}

task<void> reach_gigastore(step_context& with, std::string interface)
{
    failure unknown(
        errc::not_online, "the modem tells no network interface; name it as interface of <modem>");
    if (interface.empty())
        co_return unknown;
    auto end = std::chrono::steady_clock::now() + with.settings.data.limit;
    while (true) {
        auto reached = co_await with.on.reach(interface);
        if (reached || with.is_outdated())
            co_return result<void>();
        if (std::chrono::steady_clock::now() >= end)
            co_return failure(
                errc::not_online, "by " + interface + ": " + words_of(reached.error()));
        with.show("waiting for data: " + words_of(reached.error()), {});
        co_await platform::pause(probe_pause);
    }
}

}  // namespace

task<void> go_online(step_context& with, iccid which)
{
    data_order order;
    order.iccid = which;
    order.network = with.now.network.value_or(platform::registration());
    auto wanted = settings_of(with, which);
    result<void> done;
    if (wanted) {
        order.wanted = std::move(*wanted);
        done = co_await set_data_up(with, order);
    } else {
        done = wanted.error();
    }
    if (done && !with.is_outdated())
        done = co_await reach_gigastore(with, order.there.interface_name);
    if (with.is_outdated())
        co_return result<void>();
    if (done) {
        auto& path = with.now.online.emplace();
        path.interface_name = order.there.interface_name;
        bool is_told = !order.there.apn.empty();  // else it is what was asked for
        if (is_told || order.wanted.connects)
            path.apn = is_told ? order.there.apn : order.wanted.apn;
        path.is_guessed =
            with.settings.data.is_apn_guessed && !path.apn.empty() && path.apn == order.wanted.apn;
        co_return result<void>();
    }
    if (done.error().kind() == failure_class::busy)
        co_return done.error();
    // Whatever it is, the eSIM is there, and Gigastore may be reached by another way.
    with.on.log.warning(words_of(done.error()));
    with.reports.announce_failure(done.error());
    with.now.has_tried_online = true;
    co_return result<void>();  // the next step is to wait for better times
}

}  // namespace agent::provision
