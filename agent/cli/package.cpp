#include "agent/cli/commands.hpp"
#include "agent/cli/customer_output.hpp"
#include "agent/cli/output.hpp"
#include "agent/gigastore/time.hpp"
#include "agent/net/error.hpp"
#include "platform/terminal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

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
        print(json::serialize(to_json(item, now)) + "\n");
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
        print(json::serialize(bare) + "\n");
}

bool says_already_refunded(const failure& why)
{
    const std::string& words = why.detail();
    return why == net::errc::refused && words.find("already") != words.npos
           && words.find("refund") != words.npos;
}

done check_dates(const package_list_options& options)
{
    auto from = gigastore::parse_date(options.from);
    auto to = gigastore::parse_date(options.to);
    bool is_bad = (!options.from.empty() && !from) || (!options.to.empty() && !to);
    failure why(boost::system::errc::invalid_argument,
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
    auto from = gigastore::parse_date(options.from);
    auto to = gigastore::parse_date(options.to);
    return (!from || *item.sold_at >= *from) && (!to || *item.sold_at < *to + std::chrono::days(1));
}

done not_refunded()
{
    return problem("refunding", failure(boost::asio::error::operation_aborted, "not confirmed"));
}

}  // namespace

command run(session& with, package_list_options options)
{
    if (auto good = check_dates(options); !good)
        co_return good.error();
    auto items = co_await with.api.activated_items(options.from, options.to);
    if (!items)
        co_return problem("listing packages", items.error(),
            items.error() == net::errc::malformed_answer
                ? "If there are very many, narrow the list with --from and --to."
                : "");
    std::erase_if(
        *items, [&options](const activated_item& item) { return !is_within(item, options); });

    auto now = platform::read_clock().system;
    json::array all;
    std::string text = items->empty() ? "No packages found.\n" : item_header();
    for (const activated_item& item : *items) {
        if (with.json)
            all.push_back(to_json(item, now));
        else
            text += to_text(item, now);
    }
    print(with.json ? json::serialize(all) + "\n" : text);
    co_return done();
}

command run(session& with, package_activate_options options)
{
    auto activated = co_await with.api.activate(options.id);
    if (!activated)
        co_return about_package("activating package " + options.id, activated.error());
    co_await show_result(with, options.id);
    co_return done();
}

command run(session& with, package_refund_options options)
{
    std::string doing = "refunding package " + options.id;
    auto item = co_await with.api.activated_item(options.id);
    if (!item)
        co_return about_package(doing, item.error());
    bool is_refunded = status_of(*item, platform::read_clock().system) == "refunded";
    if (is_refunded) {
        std::fputs("This package is refunded already.\n", stderr);
        print_item(with, *item);
        co_return done();
    }
    if (!options.yes) {
        auto now = platform::read_clock().system;
        std::string question =
            item_header() + to_text(*item, now) + "\n" + refund_rules + "Refund it? [y/N] ";
        auto answer = co_await platform::ask(question);
        if (!answer)
            co_return problem(doing, answer.error(), "Scripts say --yes.");
        if (*answer != "y" && *answer != "Y" && *answer != "yes")
            co_return not_refunded();
    }
    auto refunded = co_await with.api.refund(options.id);
    if (!refunded && says_already_refunded(refunded.error()))
        std::fputs("This package is refunded already.\n", stderr);
    else if (!refunded)
        co_return about_package(doing, refunded.error());
    co_await show_result(with, options.id);
    co_return done();
}

}  // namespace agent::cli
