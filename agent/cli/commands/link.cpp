#include "agent/cli/commands.hpp"
#include "agent/cli/daemon_client.hpp"
#include "agent/cli/error.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/text.hpp"

#include <boost/json/serialize.hpp>

// Links are the daemon's: it serves them, and it alone keeps them.

namespace agent::cli {
namespace {

using done = boost::system::result<void, problem>;

/// The daemon's answer; a problem if none runs.
task<platform::wiped_string> ask(
    const session& with, std::string method, std::string target, std::string body = {})
{
    auto asking = ask_daemon(with, std::move(method), std::move(target), std::move(body));
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return answer.error();
    failure absent(errc::daemon_absent, "no daemon runs at " + with.settings.control_socket);
    if (!*answer)
        co_return absent;
    co_return std::move(**answer);
}

std::string time_in(const json::value& from, const char* name)
{
    auto time = platform::parse_time(text_view(from, name));
    return time ? local_time(*time) : "-";
}

std::string table_of(const json::value& answer)
{
    const json::value* all = member(answer, "links");
    bool is_empty = all == nullptr || !all->is_array() || all->get_array().empty();
    if (is_empty)
        return "No links are out.\n";
    constexpr std::size_t time_width = 22;
    auto line = [](std::string_view id, std::string_view customer, std::string_view esim,
                    std::string_view code, std::string_view page, std::string_view opened) {
        return cell(id, 10) + cell(customer, 38) + cell(esim, 22) + cell(code, time_width)
               + cell(page, time_width) + std::string(opened) + "\n";
    };
    std::string out = line("ID", "CUSTOMER", "ICCID", "CODE UNTIL", "PAGE UNTIL", "FIRST OPENED");
    for (const json::value& each : all->get_array())
        out += line(text(each, "id"), text(each, "customerUid"), text(each, "iccid"),
            time_in(each, "codeUntil"), time_in(each, "pageUntil"), time_in(each, "openedAt"));
    return out;
}

/// Prints an answer: as it is for programs, by `words` for people.
template <class Words>
done show(const session& with, const std::string& doing, const platform::wiped_string& answer,
    const Words& words)
{
    json_document document{answer};
    if (document.root() == nullptr)
        return problem(doing, garbled_answer());
    print(with.json ? json_text(*document.root()) + "\n" : words(*document.root()));
    return {};
}

std::string made_words(const json::value& made)
{
    return text(made, "url") + "\nIt shows the code until " + time_in(made, "codeUntil")
           + ", and what is left until " + time_in(made, "pageUntil")
           + ".\nWhoever has it can install the eSIM; 'esim-agent link revoke " + text(made, "id")
           + "' ends it.\n";
}

}  // namespace

command run(session& with, link_create_options options)
{
    auto uid = wanted_uid(with, std::move(options.uid));
    if (!uid)
        co_return uid.error();
    json::object order;
    order["customerUid"] = *uid;
    if (!options.iccid.empty())
        order["iccid"] = options.iccid;
    auto asking = ask(with, "POST", "/v1/links", json::serialize(order));
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return about_customer("making a link", answer.error());
    co_return show(with, "making a link", *answer, made_words);
}

command run(session& with, link_list_options)
{
    auto asking = ask(with, "GET", "/v1/links");
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return problem("listing links", answer.error());
    co_return show(with, "listing links", *answer, table_of);
}

command run(session& with, link_revoke_options options)
{
    std::string target = "/v1/links";
    if (!options.is_all)
        target += "/" + options.id;
    auto asking = ask(with, "DELETE", std::move(target));
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return problem("revoking a link", answer.error());
    std::string first =
        options.is_all ? "All links have ended.\n" : "Link " + options.id + " has ended.\n";
    co_return show(
        with, "revoking a link", *answer, [&first](const json::value&) { return first; });
}

}  // namespace agent::cli
