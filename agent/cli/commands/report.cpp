#include "agent/cli/commands.hpp"
#include "agent/cli/daemon_client.hpp"
#include "agent/cli/error.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/report/destinations.hpp"
#include "agent/report/outbox.hpp"
#include "platform/error.hpp"
#include "platform/state_lock.hpp"
#include "platform/task_group.hpp"
#include "platform/text.hpp"

#include <boost/asio/this_coro.hpp>

namespace agent::cli {
namespace {

using done = boost::system::result<void, problem>;

std::string table_of(const json::value& reports)
{
    std::string out;
    auto add = [&](const char* list, const char* state) {
        const json::value* all = member(reports, list);
        if (all == nullptr || !all->is_array())
            return;
        for (const json::value& each : all->get_array())
            out += cell(text(each, "id"), 37) + cell(text(each, "stage"), 18) + cell(state, 8)
                   + platform::printable(text(each, "words")) + "\n";
    };
    add("waiting", "waits");
    add("refused", "refused");
    if (out.empty())
        return "No reports wait.\n";
    return cell("ID", 37) + cell("STAGE", 18) + cell("STATE", 8) + "WHY\n" + out;
}

/// `first` is a line before the list, for people.
void show(const session& with, const json::value& reports, const std::string& first = "")
{
    print(with.json ? json_text(reports) + "\n" : first + table_of(reports));
}

std::string count_of(std::size_t reports)
{
    return reports == 1 ? "1 report" : std::to_string(reports) + " reports";
}

/// The outbox, while no daemon has it.
boost::system::result<platform::state_lock, problem> open_outbox(
    const session& with, report::outbox& outbox)
{
    auto lock = platform::state_lock::take(with.settings.state_directory);
    if (!lock)
        return problem("opening the outbox", lock.error());
    if (auto loaded = outbox.load(report::keys_of(with.settings)); !loaded)
        return problem("reading the outbox", loaded.error());
    return std::move(*lock);
}

command show_daemons(const session& with, platform::wiped_string answer, bool is_flushing)
{
    json_document document{answer};
    if (document.root() == nullptr)
        co_return problem("report", garbled_answer());
    const json::value* waiting = member(*document.root(), "waiting");
    bool has_any =
        is_flushing && waiting != nullptr && waiting->is_array() && !waiting->get_array().empty();
    std::string first;
    if (has_any)
        first = "The daemon sends " + count_of(waiting->get_array().size()) + " now:\n";
    show(with, *document.root(), first);
    co_return done();
}

}  // namespace

command run(session& with, report_list_options)
{
    auto answer = co_await ask_daemon(with, "GET", "/v1/reports");
    if (!answer)
        co_return problem("listing reports", answer.error());
    if (*answer)
        co_return co_await show_daemons(with, std::move(**answer), false);
    report::outbox outbox{
        with.settings.state_directory, report::limits_of(with.settings), with.log};
    auto lock = open_outbox(with, outbox);
    if (!lock)
        co_return lock.error();
    show(with, report::to_json(outbox));
    co_return done();
}

command run(session& with, report_flush_options)
{
    auto answer = co_await ask_daemon(with, "POST", "/v1/reports/flush");
    if (!answer)
        co_return problem("sending reports", answer.error());
    if (*answer)
        co_return co_await show_daemons(with, std::move(**answer), true);
    failure nowhere(platform::errc::configuration, "no destination is configured");
    if (with.settings.destinations.empty())
        co_return problem("sending reports", nowhere, "Configure <report><webhook .../></report>.");
    report::outbox outbox{
        with.settings.state_directory, report::limits_of(with.settings), with.log};
    auto lock = open_outbox(with, outbox);
    if (!lock)
        co_return lock.error();
    outbox.try_all_again();
    std::size_t before = outbox.waiting().size();
    bool is_all = true;
    std::string trouble;
    auto couriers = report::make_couriers(with.settings, with.proxies, outbox, with.log);
    auto executor = co_await asio::this_coro::executor;
    platform::task_group connections{executor};
    for (auto& each : couriers)
        connections.spawn(each->to().serve());
    for (auto& each : couriers) {
        auto delivering = each->deliver_all();
        bool is_done = co_await std::move(delivering);
        report::courier_status now = each->status();
        is_all = is_all && is_done && !now.is_off;
        if (!now.trouble.empty())
            trouble = now.name + ": " + now.trouble;
    }
    co_await connections.ended();
    std::size_t after = outbox.waiting().size();
    std::string first;
    if (after < before)
        first = count_of(before - after) + (before - after == 1 ? " is" : " are") + " delivered.\n";
    show(with, report::to_json(outbox), first);
    failure later(errc::reports_wait, trouble);
    if (!is_all)
        co_return problem("sending reports", later);
    co_return done();
}

}  // namespace agent::cli
