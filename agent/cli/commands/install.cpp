#include "agent/cli/commands/install.hpp"
#include "agent/cli/commands/install_dialogue.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/esim/error.hpp"
#include "agent/esim/find_profile.hpp"
#include "agent/lpa/download.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace agent::cli {
namespace {

namespace json = boost::json;
using done = boost::system::result<void, problem>;
using platform::secret;

const char* const nothing_done =
    "Nothing was installed, and the code can still be used: run the same command again.";

/// What would stop it halfway is refused before anything begins.
done check_options(const install_options& options)
{
    auto usage = [](const char* why, const char* advice) {
        return problem({}, failure(platform::errc::usage, why), advice);
    };
    if (options.code_file == "-" && options.confirmation_code_file == "-")
        return usage("the two codes cannot both come from standard input", "Put one into a file.");
    bool can_ask = ::isatty(STDIN_FILENO) != 0;
    if (!options.yes && !can_ask)
        return usage("there is no terminal to ask on whether the profile is wanted",
            "Scripts say --yes: it takes whichever profile the code stands for.");
    return {};
}

/// The profile on the card that an earlier run with this code installed, if any.
iccid installed_before(session& with, const esim::order& of)
{
    // Without a matching ID the code only names a server, which may have more than one profile.
    if (!of.code || of.code->matching_id().empty())
        return {};
    auto known = with.device.journal->find(lpa::digest_of(*of.code));
    if (!known) {
        with.log.warning("the journal: " + known.error().message());
        return {};
    }
    bool is_installed = *known && (*known)->stage != lpa::attempt_stage::failed;
    return is_installed ? (*known)->iccid : iccid();
}

/// A card that was lost in the middle: is the profile on it or not? It says so itself.
asio::awaitable<boost::system::result<installed, problem>> find_out(
    session& with, iccid which, failure why)
{
    auto again = co_await with.device.installer->reopen();
    if (!again)
        co_return problem("installing", why);
    auto found = co_await esim::find_profile(*with.device.installer, which);
    bool is_absent = !found && found.error() == lpa::errc::no_such_profile;
    if (!found && !is_absent)
        co_return problem("installing", why);
    with.unsettled.reset();
    bool is_ours = with.device.euicc != nullptr;
    failure lost(
        platform::channel_errc::card_gone, "while the profile was written: " + why.detail());
    if (!is_ours)
        lost = failure(esim::errc::hook_trouble, why.detail());
    if (!found)
        co_return problem("installing", lost,
            "The profile is not on the card. Run the same command again: it goes on with the same "
            "order.");
    installed out;
    out.profile = std::move(*found);
    out.is_told = false;
    co_return std::move(out);
}

/// `before` is the profile that an earlier run began to install with this code, if any.
problem about_download(
    const esim::order& of, const iccid& before, bool has_profiles, const failure& why)
{
    std::string doing = "installing from " + of.code->smdp_address();
    bool is_used_up = why == lpa::errc::code_refused && !before.empty();
    if (is_used_up)
        return {doing, why,
            "This device has tried this code before: profile " + before.text()
                + " is not on the card, and the SM-DP+ counts the code as used. Ask the seller to "
                  "release it again, or for a new code."};
    if (why == net::errc::tls || why == net::errc::expired)
        return {doing, why,
            "Nothing was installed. The SM-DP+ must show a certificate for its name from GSMA's "
            "roots, the system's authorities or <lpa ca-file=\"...\"/>; verification cannot be "
            "switched off."};
    bool is_network = why.code().category() == net::category() && why != net::errc::clock
                      && why != net::errc::server_trouble;
    if (is_network)
        return {doing, why,
            "Check the network (a login page, a proxy?), and the address in the activation code; "
            "then run the same command again."};
    bool may_be_there = why == lpa::errc::code_refused && has_profiles;
    if (may_be_there)
        return {doing, why,
            "It may be on this card already: look with 'esim-agent profile list'. Else ask the "
            "seller for a new code."};
    return {doing, why};
}

asio::awaitable<boost::system::result<installed, problem>> download(session& with,
    const install_options& options, const esim::order& of, std::vector<lpa::profile> on_card,
    std::optional<secret> confirmation_code)
{
    iccid before = installed_before(with, of);
    install_dialogue asks{with, options, std::move(confirmation_code)};
    bool has_profiles = !on_card.empty();
    esim::install_order order;
    order.code = *of.code;
    order.on_card = std::move(on_card);
    with.if_interrupted = nothing_done;
    auto installing = with.device.installer->install(std::move(order), asks);
    auto loaded = co_await std::move(installing);
    with.if_interrupted.clear();
    asks.bar().end();
    bool is_lost = !loaded && loaded.error() == lpa::errc::outcome_unknown;
    if (is_lost) {
        auto found = co_await find_out(with, asks.iccid(), loaded.error());
        co_return std::move(found);
    }
    with.unsettled.reset();
    if (!loaded)
        co_return about_download(of, before, has_profiles, loaded.error());
    with.if_interrupted = "Profile " + loaded->metadata.iccid.text()
                          + " is installed; run the same command again to enable it and to tell "
                            "the SM-DP+.";

    installed out;
    out.profile.iccid = loaded->metadata.iccid;
    out.profile.name = loaded->metadata.name;
    out.profile.service_provider = loaded->metadata.service_provider;
    out.profile.kind = loaded->metadata.kind;
    out.profile.rules = loaded->metadata.rules;
    out.profile.isdp_aid = loaded->result.isdp_aid;
    out.was_there = loaded->was_there;
    if (out.was_there)
        co_return std::move(out);
    asks.bar().show(92, "telling the SM-DP+");
    auto told = co_await with.device.installer->tell_installed(std::move(*loaded));
    if (!told)
        co_return problem("telling the SM-DP+", told.error());
    out.is_told = *told;
    co_return std::move(out);
}

/// True if nobody knows what the card did last.
bool is_card_gone(const failure& why)
{
    return why == platform::channel_errc::card_gone || why == platform::channel_errc::silent
           || why == platform::channel_errc::no_device;
}

/// What is the same whether it was there before or not: enabled if wanted, everybody told.
command settle(session& with, const install_options& options, installed& what)
{
    if (what.was_there) {
        auto found = co_await esim::find_profile(*with.device.installer, what.profile.iccid);
        if (!found)
            co_return problem("reading the eUICC", found.error());
        what.profile = std::move(*found);
    }
    bool wants_enabled = options.enable.value_or(with.settings.modem_enable);
    bool is_enabled = what.profile.state == lpa::profile_state::enabled;
    std::optional<problem> wrong;
    if (wants_enabled && !is_enabled) {
        progress bar;
        bar.show(95, "enabling the profile");
        auto enabled = co_await with.device.installer->enable(what.profile.iccid);
        if (enabled)
            what.profile.state = lpa::profile_state::enabled;
        else
            wrong = problem("the profile is installed; enabling it", enabled.error(),
                is_card_gone(enabled.error())
                    ? "Run the same command again: it looks at the card first."
                    : "Enable it later: 'esim-agent profile enable " + what.profile.iccid.text()
                          + "'.");
    }
    bool is_all_told = !what.was_there && what.is_told && !wants_enabled;
    if (is_all_told)
        co_return done();
    auto sent = co_await send_pending(with);
    auto is_stuck = [&](const lpa::delivery& each) {
        return each.why_not && each.about.what == lpa::operation::install
               && each.about.iccid == what.profile.iccid;
    };
    what.is_told = sent ? std::ranges::none_of(*sent, is_stuck) : what.is_told && !what.was_there;
    if (wrong)
        co_return *wrong;
    co_return done();
}

void tell(const session& with, const esim::order& of, const installed& what)
{
    const lpa::profile& one = what.profile;
    if (with.json) {
        json::object out = to_json(one);
        out["customerUid"] = of.customer_uid.empty() ? json::value() : json::value(of.customer_uid);
        out["alreadyInstalled"] = what.was_there;
        out["installNotificationDelivered"] = what.is_told;
        print(json_text(out) + "\n");
        return;
    }
    bool is_enabled = one.state == lpa::profile_state::enabled;
    std::string line = "Profile " + one.iccid.text() + ", " + title_of(one) + ", is "
                       + (what.was_there ? "already installed" : "installed")
                       + (is_enabled ? " and enabled" : ", not enabled") + ".\n";
    print(line);
}

}  // namespace

asio::awaitable<boost::system::result<installed, problem>> install_on(
    session& with, install_options options, std::optional<secret> confirmation_code)
{
    auto profiles = co_await with.device.installer->profiles();
    if (!profiles)
        co_return problem("reading the eUICC", profiles.error());
    std::vector<iccid> on_card = esim::iccids_of(*profiles);
    wanted_order of = problem();
    if (!options.code_file.empty())
        of = read_code(options.code_file);
    else {
        auto fetching = fetch_order(with, options.uid, options.iccid, on_card);
        of = co_await std::move(fetching);
    }
    if (!of)
        co_return of.error();
    if (of->iccid.empty())
        of->iccid = installed_before(with, *of);
    installed what;
    what.profile.iccid = of->iccid;
    what.was_there = esim::find_profile(*profiles, of->iccid) != nullptr;
    failure needs_code(
        lpa::errc::confirmation_needed, "a confirmation code is needed, the activation code says");
    bool cannot_ask = of->code && of->code && of->code->needs_confirmation_code()
                      && options.confirmation_code_file.empty() && ::isatty(STDIN_FILENO) == 0;
    if (cannot_ask && !what.was_there)
        co_return problem("installing", needs_code);

    if (!what.was_there) {
        auto loaded = co_await download(
            with, options, *of, std::move(*profiles), std::move(confirmation_code));
        if (!loaded)
            co_return loaded.error();
        what = std::move(*loaded);
    }
    auto settled = co_await settle(with, options, what);
    if (!settled)
        co_return settled.error();
    what.of = std::move(*of);
    co_return std::move(what);
}

namespace {

command install(session& with, install_options options, std::optional<secret> confirmation_code)
{
    auto what = co_await install_on(with, std::move(options), std::move(confirmation_code));
    if (!what)
        co_return what.error();
    tell(with, what->of, *what);
    co_return done();
}

}  // namespace

command run(session& with, install_options options)
{
    auto good = check_options(options);
    if (!good)
        co_return good.error();
    std::optional<secret> confirmation_code;
    if (!options.confirmation_code_file.empty()) {
        auto given =
            platform::read_secret_file(options.confirmation_code_file, platform::hand_over_limit);
        if (!given)
            co_return problem("reading the confirmation code", given.error());
        confirmation_code = std::move(*given);
    }
    auto installing = with_card(with,
        [&with, options, confirmation_code] { return install(with, options, confirmation_code); });
    co_return co_await std::move(installing);
}

}  // namespace agent::cli
