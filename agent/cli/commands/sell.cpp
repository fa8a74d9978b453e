// inventory list, customer create, package top-up: what is for sale, and selling it.
#include "agent/sale/sell.hpp"
#include "agent/base/json.hpp"
#include "agent/cli/commands.hpp"
#include "agent/cli/commands/customer_output.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/net/error.hpp"
#include "agent/sale/offer.hpp"
#include "platform/error.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <unistd.h>

namespace agent::cli {
namespace {

using done = boost::system::result<void, problem>;
using gigastore::inventory_item, gigastore::purchase, gigastore::purchase_kind;

constexpr const char* once_more =
    "Run the same command again: it first asks whether the package was sold, and never buys it "
    "twice.";

std::string doing_of(const purchase& what)
{
    if (what.kind == purchase_kind::first_package)
        return "selling a first package";
    return "selling customer " + what.customer_uid + " a package";
}

/// What is wrong with the order by itself; nothing if it can be sent.
std::optional<failure> fault_of(const purchase& what)
{
    if (!is_email(what.email))
        return failure(platform::errc::usage, "this is no e-mail address");
    if (!what.country.empty() && !gigastore::is_country(what.country))
        return failure(platform::errc::usage,
            "the country is two letters that ISO 3166-1 knows, as AT for Austria");
    return std::nullopt;
}

std::string whom(const purchase& what, const gigastore::customer& before)
{
    if (what.kind == purchase_kind::first_package)
        return "For a new customer" + (what.email.empty() ? "" : ", " + what.email)
               + ", with an eSIM.\n";
    std::string email = before.email.value_or("");
    return "For customer " + before.uid + (email.empty() ? "" : ", " + email)
           + (what.kind == purchase_kind::top_up ? ".\n" : ", with another eSIM.\n");
}

/// Asks before credit is spent; fails unless the answer is yes.
asio::awaitable<done> ask_first(std::string doing, std::string question)
{
    question += "The reseller's credit pays for it. Buy it? [y/N] ";
    auto answer = co_await platform::ask(platform::printable_lines(question));
    if (!answer)
        co_return problem(doing, answer.error(), "Scripts say --yes.");
    bool agrees = answer->starts_with('y') || answer->starts_with('Y');
    if (!agrees)
        co_return problem({}, failure(platform::errc::declined, "nothing was bought"));
    co_return done();
}

void print_sale(const session& with, const sale::sold& sold)
{
    auto now = platform::read_clock().system;
    const gigastore::sale& what = sold.what;
    if (with.json) {
        print(json_text(to_json(sold, now)) + "\n");
        return;
    }
    print(item_header() + to_text(what.item, now));
    if (what.profile)
        print("  " + cell("eSIM", 11) + what.profile->iccid.text() + "\n");
    if (sold.is_earlier)
        std::fputs(fitted("This was bought by an earlier run, which could not say so. To buy one "
                          "more, run the command again.",
                       0, STDERR_FILENO)
                       .c_str(),
            stderr);
}

/// The new eSIM's QR, for who sits at a terminal.
command show_qr(session& with, const gigastore::sale& what)
{
    bool is_seen = !with.json && platform::terminal_size_of(STDOUT_FILENO).has_value();
    if (!what.profile || !is_seen)
        co_return done();
    qr_options shown;
    shown.uid = what.item.customer_uid;
    shown.iccid = what.profile->iccid.empty() ? what.profile->uid : what.profile->iccid.text();
    print("\n");
    co_return co_await run(with, std::move(shown));
}

/// Buys it, and tells. Whoever interrupts this does not know what came of it.
command buy(session& with, purchase what, const gigastore::customer& before)
{
    std::string doing = doing_of(what);
    bool is_first = what.kind == purchase_kind::first_package;
    sale::seller seller{with.api, with.settings.state_directory, with.log};
    with.unsettled = problem(doing, failure(net::errc::outcome_unknown, "interrupted"), once_more);
    auto selling = seller.sell(std::move(what), is_first ? nullptr : &before);
    auto sold = co_await std::move(selling);
    if (!sold) {
        bool is_unknown = sold.error() == net::errc::outcome_unknown;
        if (!is_unknown)
            with.unsettled.reset();
        co_return problem(doing, sold.error(), is_unknown ? once_more : "");
    }
    print_sale(with, *sold);
    with.unsettled.reset();
    if (!flush_output())
        co_return done();  // main() says why, and the next run shows it
    if (auto settled = seller.settle(); !settled)
        with.log.warning(
            "the next run of this command shows this sale again: " + settled.error().message());
    auto showing = show_qr(with, sold->what);
    co_return co_await std::move(showing);
}

/// The word of --start for what the API calls it.
std::string start_word(std::string mode)
{
    std::ranges::replace(mode, '_', '-');
    return platform::lower(mode);
}

std::string table_of(const std::vector<inventory_item>& all)
{
    std::string out = all.empty() ? "Nothing is for sale.\n" : for_sale_header();
    for (const inventory_item& each : all)
        out += to_text(each);
    return out;
}

}  // namespace

std::string command_of(const purchase& what)
{
    bool is_first = what.kind == purchase_kind::first_package;
    std::string out = is_first ? "customer create" : "package top-up " + what.customer_uid;
    auto add = [&out](const char* option, const std::string& value) {
        if (!value.empty())
            out += std::string(" --") + option + " '" + value + "'";
    };
    add("item", what.item_id);
    if (what.kind == purchase_kind::top_up_with_profile)
        out += " --with-profile";
    add("email", what.email);
    add("country", what.country);
    add("start", start_word(what.activation_mode));
    add("metatag", what.metatag);
    return out;
}

command run(session& with, inventory_list_options)
{
    auto all = co_await with.api.inventory();
    if (!all)
        co_return problem("listing what is for sale", all.error());
    if (!with.json) {
        print(table_of(*all));
        co_return done();
    }
    json::array out;
    for (const inventory_item& each : *all)
        out.push_back(to_json(each));
    print(json_text(out) + "\n");
    co_return done();
}

command run(session& with, purchase_options options)
{
    purchase& what = options.what;
    std::string doing = doing_of(what);
    what.country = platform::upper(what.country);
    if (auto fault = fault_of(what))
        co_return problem(doing, *fault);
    auto all = co_await with.api.inventory();
    if (!all)
        co_return problem(doing, all.error());
    gigastore::customer before;
    if (what.kind != purchase_kind::first_package) {
        auto known = co_await with.api.customer(what.customer_uid);
        if (!known)
            co_return about_customer(doing, known.error());
        before = std::move(*known);
        gigastore::forget_codes(before);
    }
    // A new customer has no packages yet, and so no country set.
    auto item = sale::find_offer(*all, what.item_id, options.price, &before);
    if (!item)
        co_return problem(doing, item.error());
    what.item_id = item->id;
    what.expected_price = item->retail_price;
    if (!options.yes) {
        auto asking = ask_first(doing, for_sale_header() + to_text(*item) + whom(what, before));
        if (auto agreed = co_await std::move(asking); !agreed)
            co_return agreed;
    }
    auto buying = buy(with, std::move(what), before);
    co_return co_await std::move(buying);
}

}  // namespace agent::cli
