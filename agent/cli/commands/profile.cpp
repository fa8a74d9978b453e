#include "agent/cli/commands/card.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/esim/set_profile_state.hpp"
#include "agent/lpa/error.hpp"
#include "platform/error.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdio>

namespace agent::cli {
namespace {

namespace json = boost::json;
using done = boost::system::result<void, problem>;

const char* const delete_warning =
    "Deleting ends it on this device: it is gone from the card, and the operator decides whether\n"
    "it can be installed again. Gigastore allows five installations of one eSIM.\n";

/// What it comes to if the user does not wait for the card.
problem interrupted_at_card_while(const std::string& doing)
{
    failure why(lpa::errc::outcome_unknown, "interrupted; it may have been done");
    return {doing, why,
        "'esim-agent profile list' shows what is the case, and 'esim-agent notification send' "
        "tells "
        "the servers."};
}

std::string table(const std::vector<lpa::profile>& all)
{
    if (all.empty())
        return "No profiles are on the card.\n";
    std::string out =
        cell("ICCID", 21) + cell("STATE", 10) + cell("NAME", 25) + cell("PROVIDER", 21) + "\n";
    for (const lpa::profile& each : all) {
        const std::string& name = each.nickname.empty() ? each.name : each.nickname;
        out += cell(each.iccid.text(), 21) + cell(name_of(each.state), 10) + cell(name, 24) + " "
               + cell(each.service_provider, 20) + "\n";
    }
    return out;
}

command list(session& with)
{
    auto all = co_await with.device.installer->profiles();
    if (!all)
        co_return problem("reading the eUICC", all.error());
    json::array profiles;
    for (const lpa::profile& each : *all)
        profiles.push_back(to_json(each));
    json::object document{{"profiles", std::move(profiles)}};
    print(with.json ? json_text(document) + "\n" : table(*all));
    co_return done();
}

/// Shows a profile as it is now on the card.
command show(session& with, std::string named, const char* what)
{
    auto now = co_await find_profile(with, std::move(named));
    if (!now)
        co_return now.error();
    if (with.json)
        print(json_text(to_json(*now)) + "\n");
    else
        print("Profile " + now->iccid.text() + ", " + title_of(*now) + ", is " + what + ".\n");
    co_return done();
}

/// Changes a profile that was found; what interrupts it leaves to be found out.
task<esim::changed_profile> change(
    session& with, iccid which, esim::profile_change what, std::string doing)
{
    auto before = [&with, doing](const lpa::profile&) {
        with.unsettled = interrupted_at_card_while(doing);
        return result<void>();
    };
    auto changing = esim::set_profile_state(*with.device.installer, std::move(which), what, before);
    auto changed = co_await std::move(changing);
    with.unsettled.reset();
    if (changed)
        tell_what_stays(with, changed->told);
    co_return std::move(changed);
}

command set_state(session& with, std::string named, esim::profile_change what)
{
    bool enables = what == esim::profile_change::enable;
    auto found = co_await find_profile(with, std::move(named));
    if (!found)
        co_return found.error();
    std::string doing =
        (enables ? "enabling profile " : "disabling profile ") + found->iccid.text();
    auto changed = co_await change(with, found->iccid, what, doing);
    if (!changed)
        co_return problem(doing, changed.error());
    co_return co_await show(with, found->iccid.text(), enables ? "enabled" : "disabled");
}

command remove(session& with, profile_delete_options options)
{
    auto found = co_await find_profile(with, options.iccid);
    if (!found)
        co_return found.error();
    std::string doing = "deleting profile " + found->iccid.text();
    bool is_enabled = found->state == lpa::profile_state::enabled;
    if (is_enabled) {
        failure why(lpa::errc::wrong_state, "the profile is enabled");
        std::string command = "esim-agent profile disable " + found->iccid.text();
        co_return problem(doing, why, "Disable it first: '" + command + "'.");
    }
    if (!options.yes) {
        std::string question = "Profile " + found->iccid.text() + ", " + title_of(*found) + ".\n"
                               + delete_warning + "Delete it? [y/N] ";
        auto answer = co_await platform::ask(question);
        if (!answer)
            co_return problem(doing, answer.error(), "Scripts say --yes.");
        bool is_yes = answer->starts_with('y') || answer->starts_with('Y');
        failure no(platform::errc::declined, "not deleted; nothing was changed");
        if (!is_yes)
            co_return problem({}, no);
    }
    auto removed = co_await change(with, found->iccid, esim::profile_change::remove, doing);
    if (!removed)
        co_return problem(doing, removed.error());
    json::object document{{"iccid", found->iccid.text()}, {"state", "deleted"}};
    print(with.json
              ? json_text(document) + "\n"
              : "Profile " + found->iccid.text() + ", " + title_of(*found) + ", is deleted.\n");
    co_return done();
}

command rename(session& with, profile_rename_options options)
{
    constexpr std::size_t longest_nickname = 64;  // octets (SGP.22, 5.7.21)
    failure too_long(platform::errc::usage, "a name has at most 64 octets");
    if (options.name.size() > longest_nickname)
        co_return problem("renaming profile " + options.iccid, too_long);
    auto found = co_await find_profile(with, options.iccid);
    if (!found)
        co_return found.error();
    auto renamed = co_await with.device.installer->rename(found->iccid, options.name);
    if (!renamed)
        co_return problem("renaming profile " + found->iccid.text(), renamed.error());
    co_return co_await show(with, found->iccid.text(), "renamed");
}

}  // namespace

command run(session& with, profile_list_options)
{
    return with_card(with, [&with] { return list(with); });
}

command run(session& with, profile_enable_options options)
{
    return with_card(with, [&with, named = options.iccid] {
        return set_state(with, named, esim::profile_change::enable);
    });
}

command run(session& with, profile_disable_options options)
{
    return with_card(with, [&with, named = options.iccid] {
        return set_state(with, named, esim::profile_change::disable);
    });
}

command run(session& with, profile_delete_options options)
{
    return with_card(with, [&with, options] { return remove(with, options); });
}

command run(session& with, profile_rename_options options)
{
    return with_card(with, [&with, options] { return rename(with, options); });
}

}  // namespace agent::cli
