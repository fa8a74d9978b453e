#include "agent/cli/commands/card.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/esim/set_profile_state.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace agent::cli {
namespace {

namespace json = boost::json;
using done = boost::system::result<void, problem>;

std::string table(const std::vector<lpa::notification>& all)
{
    if (all.empty())
        return "No notifications wait on the card.\n";
    std::string out = cell("SEQ", 7) + cell("OPERATION", 10) + cell("ICCID", 21) + "SERVER\n";
    for (const lpa::notification& each : all)
        out += cell(std::to_string(each.sequence), 7) + cell(name_of(each.what), 10)
               + cell(each.iccid.empty() ? "-" : each.iccid.text(), 21)
               + platform::printable(each.address) + "\n";
    return out;
}

command list(session& with)
{
    auto all = co_await with.device.installer->notifications();
    if (!all)
        co_return problem("reading the eUICC", all.error());
    json::array entries;
    for (const lpa::notification& each : *all)
        entries.push_back(to_json(each));
    json::object document{{"notifications", std::move(entries)}};
    print(with.json ? json_text(document) + "\n" : table(*all));
    co_return done();
}

command send(session& with)
{
    auto sending = with.device.installer->send_notifications();
    auto sent = co_await std::move(sending);
    if (!sent)
        co_return problem("sending notifications", sent.error());
    json::array entries;
    std::string lines;
    for (const lpa::delivery& each : *sent) {
        json::object one = to_json(each.about);
        one["sent"] = !each.why_not;
        entries.push_back(std::move(one));
        lines += "Notification " + std::to_string(each.about.sequence) + " ("
                 + name_of(each.about.what) + ") for " + platform::printable(each.about.address)
                 + (each.why_not ? " stays on the card.\n" : " was accepted.\n");
    }
    json::object document{{"notifications", std::move(entries)}};
    auto failed = std::ranges::find_if(
        *sent, [](const lpa::delivery& each) { return each.why_not.has_value(); });
    bool is_complete = failed == sent->end();
    if (!with.json)
        print(lines.empty() ? table({}) : lines);
    else if (is_complete)  // else the error is the one document there is
        print(json_text(document) + "\n");
    if (!is_complete)
        co_return problem("sending notification " + std::to_string(failed->about.sequence),
            *failed->why_not, "It stays on the card; try again later.");
    co_return done();
}

command remove(session& with, notification_remove_options options)
{
    std::string doing = "removing notification " + std::to_string(options.sequence);
    if (!options.yes) {
        std::string question = "A notification that is removed unsent is lost: its server, and "
                               "Gigastore, will not know\nwhat happened on this card. 'esim-agent "
                               "notification send' sends it instead.\nRemove it? [y/N] ";
        auto answer = co_await platform::ask(question);
        if (!answer)
            co_return problem(doing, answer.error(), "Scripts say --yes.");
        bool is_yes = answer->starts_with('y') || answer->starts_with('Y');
        failure no(platform::errc::declined, "not removed; nothing was changed");
        if (!is_yes)
            co_return problem({}, no);
    }
    auto forgotten = co_await with.device.installer->forget(options.sequence);
    if (!forgotten)
        co_return problem(doing, forgotten.error());
    json::object document{{"sequenceNumber", options.sequence}, {"removed", true}};
    print(with.json ? json_text(document) + "\n" : "It is removed.\n");
    co_return done();
}

}  // namespace

command run(session& with, notification_list_options)
{
    return with_card(with, [&with] { return list(with); });
}

command run(session& with, notification_send_options)
{
    return with_card(with, [&with] { return send(with); });
}

command run(session& with, notification_remove_options options)
{
    return with_card(with, [&with, options] { return remove(with, options); });
}

}  // namespace agent::cli
