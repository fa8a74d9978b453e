#include "agent/base/json.hpp"
#include "agent/cli/commands.hpp"
#include "agent/cli/commands/customer_output.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/gigastore/refundable.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace agent::cli {
namespace {

namespace json = boost::json;
using done = boost::system::result<void, problem>;
using gigastore::activated_item;

const char* const refund_rules =
    "A package can be refunded while it is wholly unused and not expired, if it was bought\n"
    "with credits and the reseller is below the monthly refund limit. The credit goes back\n"
    "to the reseller, not to the customer, and the package is gone.\n";

problem about_package(const std::string& doing, const failure& why)
{
    return {doing, why,
        why == net::errc::not_found
            ? "Check the purchase id; 'esim-agent package list' and 'customer show' print it."
            : ""};
}

void print_item(const session& with, const activated_item& item)
{
    auto now = platform::read_clock().system;
    if (with.json)
        print(json_text(to_json(item, now)) + "\n");
    else
        print(item_header() + to_text(item, now));
}

/// Shows the package as it is now. The step before is done: if this fails, that is only said.
asio::awaitable<void> show_result(session& with, std::string id)
{
    auto item = co_await with.api.activated_item(id);
    if (item) {
        print_item(with, *item);
        co_return;
    }
    with.log.info("the package cannot be shown: " + item.error().message());
    json::object bare{{"uid", id}};
    if (with.json)
        print(json_text(bare) + "\n");
}

/// What it comes to if the user does not wait for the answer.
problem interrupted_while(const std::string& doing)
{
    return {doing, failure(net::errc::outcome_unknown, "interrupted")};
}

/// True if it is known whether it was done; an interruption comes out as an unknown outcome.
bool is_settled(const result<void>& answer)
{
    return answer || answer.error() != net::errc::outcome_unknown;
}

/// True if a refusal means that it was refunded before: the package says so, or the server.
asio::awaitable<bool> was_refunded_before(session& with, std::string id, failure refusal)
{
    if (refusal != net::errc::refused)
        co_return false;
    auto item = co_await with.api.activated_item(id);
    if (item
        && state_of(*item, platform::read_clock().system) == gigastore::package_state::refunded)
        co_return true;
    std::string words = platform::lower(refusal.detail());
    co_return words.find("already refunded") != words.npos
        || words.find("already been refunded") != words.npos;
}

done check_dates(const package_list_options& options)
{
    auto from = platform::parse_date(options.from);
    auto to = platform::parse_date(options.to);
    bool is_bad = (!options.from.empty() && !from) || (!options.to.empty() && !to);
    failure why(platform::errc::usage,
        is_bad ? "a date is written YYYY-MM-DD, as 2025-03-02" : "--from is later than --to");
    if (is_bad || (from && to && *from > *to))
        return problem("listing packages", why);
    return {};
}

/// True if it was sold on one of the days asked for: the API's own filter is not documented
/// well enough to rely on.
bool is_within(const activated_item& item, const package_list_options& options)
{
    if (!item.sold_at)
        return options.from.empty() && options.to.empty();
    auto from = platform::parse_date(options.from);
    auto to = platform::parse_date(options.to);
    return (!from || *item.sold_at >= *from) && (!to || *item.sold_at < *to + std::chrono::days(1));
}

using item_list = std::vector<activated_item>;

/// Appends a customer's packages, with whose they are.
void add_items(item_list& to, gigastore::customer& who)
{
    for (activated_item& each : who.activated_items) {
        each.customer_uid = who.uid;
        to.push_back(std::move(each));
    }
}

/// Of all customers that a search finds: several may share an e-mail address.
task<item_list> items_found(session& with, gigastore::search query)
{
    item_list out;
    auto pages = with.api.search_customers(std::move(query));
    while (true) {
        auto page = co_await pages.next();
        if (!page)
            co_return page.error();
        if (page->empty())
            co_return out;
        for (gigastore::customer& each : *page)
            add_items(out, each);
    }
}

task<item_list> items_for(session& with, package_list_options options)
{
    if (!options.query.text.empty()) {
        auto searching = items_found(with, std::move(options.query));
        co_return co_await std::move(searching);
    }
    if (!options.uid.empty()) {
        auto who = co_await with.api.customer(options.uid);
        if (!who)
            co_return who.error();
        item_list out;
        add_items(out, *who);
        co_return out;
    }
    // A day more at the end, should the API take it for midnight; is_within() trims.
    std::string until;
    if (auto to = platform::parse_date(options.to))
        until = platform::to_iso(*to + std::chrono::days(1)).substr(0, 10);
    auto listing = with.api.activated_items(options.from, until);
    co_return co_await std::move(listing);
}

std::string refund_words(gigastore::refund_obstacle what)
{
    using gigastore::refund_obstacle;
    switch (what) {
    case refund_obstacle::refunded: return "was refunded already";
    case refund_obstacle::expired: return "cannot be refunded: it has expired";
    case refund_obstacle::used: return "cannot be refunded: some of it was used";
    case refund_obstacle::none: break;
    }
    return "can be refunded, if it was bought with credits and the month's limit allows it";
}

/// Asks before a purchase is changed for good; fails unless the answer is yes.
asio::awaitable<done> ask_first(
    std::string doing, activated_item item, std::string question, const char* declined)
{
    auto now = platform::read_clock().system;
    question = item_header() + to_text(item, now) + "\n" + question + " [y/N] ";
    auto answer = co_await platform::ask(platform::printable_lines(question));
    if (!answer)
        co_return problem(doing, answer.error(), "Scripts say --yes.");
    std::string first = answer->substr(0, 1);
    if (first != "y" && first != "Y")
        co_return problem({}, failure(platform::errc::declined, declined));
    co_return done();
}

}  // namespace

command run(session& with, package_list_options options)
{
    if (auto good = check_dates(options); !good)
        co_return good.error();
    auto listing = items_for(with, options);
    auto items = co_await std::move(listing);
    if (!items && !options.uid.empty())
        co_return about_customer("listing packages", items.error());
    if (!items)
        co_return problem("listing packages", items.error(),
            items.error() == net::errc::malformed_answer
                ? "If there are very many, narrow the list with --from and --to."
                : "");
    std::erase_if(
        *items, [&options](const activated_item& item) { return !is_within(item, options); });
    std::ranges::stable_sort(*items, std::ranges::greater(), &activated_item::sold_at);

    auto now = platform::read_clock().system;
    json::array all;
    std::string text = items->empty() ? "No packages found.\n" : item_header();
    for (const activated_item& item : *items) {
        if (with.json)
            all.push_back(to_json(item, now));
        else
            text += to_text(item, now);
    }
    print(with.json ? json_text(all) + "\n" : text);
    co_return done();
}

command run(session& with, package_show_options options)
{
    auto item = co_await with.api.activated_item(options.id);
    if (!item)
        co_return about_package("showing package " + options.id, item.error());
    auto now = platform::read_clock().system;
    auto obstacle = gigastore::refund_obstacle_of(*item, now);
    if (with.json) {
        json::object out = to_json(*item, now);
        out["refundObstacle"] = or_null(gigastore::name_of(obstacle));
        print(json_text(out) + "\n");
    } else
        print(item_header() + to_text(*item, now) + "\nIt " + refund_words(obstacle) + ".\n");
    co_return done();
}

command run(session& with, package_activate_options options)
{
    std::string doing = "activating package " + options.id;
    if (!options.yes) {
        auto item = co_await with.api.activated_item(options.id);
        if (!item)
            co_return about_package(doing, item.error());
        auto asking = ask_first(doing, std::move(*item),
            "Its days run from now on, and that cannot be undone. Activate it?",
            "not activated; nothing was changed");
        if (auto agreed = co_await std::move(asking); !agreed)
            co_return agreed;
    }
    with.unsettled = interrupted_while(doing);
    auto activated = co_await with.api.activate(options.id);
    if (is_settled(activated))
        with.unsettled.reset();
    if (!activated)
        co_return about_package(doing, activated.error());
    co_await show_result(with, options.id);
    co_return done();
}

command run(session& with, package_refund_options options)
{
    std::string doing = "refunding package " + options.id;
    auto item = co_await with.api.activated_item(options.id);
    if (!item)
        co_return about_package(doing, item.error());
    bool is_refunded =
        state_of(*item, platform::read_clock().system) == gigastore::package_state::refunded;
    if (is_refunded) {
        std::fputs("This package is refunded already.\n", stderr);
        print_item(with, *item);
        co_return done();
    }
    if (!options.yes) {
        auto asking = ask_first(doing, *item, std::string(refund_rules) + "Refund it?",
            "not refunded; nothing was changed");
        if (auto agreed = co_await std::move(asking); !agreed)
            co_return agreed;
    }
    with.unsettled = interrupted_while(doing);
    auto refunded = co_await with.api.refund(options.id);
    if (is_settled(refunded))
        with.unsettled.reset();
    if (!refunded) {
        bool was_before = co_await was_refunded_before(with, options.id, refunded.error());
        if (!was_before)
            co_return about_package(doing, refunded.error());
        std::fputs("This package is refunded already.\n", stderr);
    }
    co_await show_result(with, options.id);
    co_return done();
}

}  // namespace agent::cli
