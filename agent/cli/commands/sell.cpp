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
    if (!gigastore::is_email(what.email))
        return failure(platform::errc::usage, "this is not an e-mail address");
    if (!what.country.empty() && !gigastore::is_country(what.country))
        return failure(
            platform::errc::usage, "the country must be a two-letter ISO 3166-1 code, such as AT");
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
        std::fputs(fitted("An earlier run bought this. To buy one "
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

problem about_sale(const std::string& doing, const failure& why)
{
    return {doing, why, why == net::errc::outcome_unknown ? once_more : ""};
}

/// Tells what was sold. Nothing is settled unless that arrived.
command tell(session& with, sale::seller& seller, const sale::sold& sold)
{
    print_sale(with, sold);
    if (!flush_output())
        co_return done();  // main() says why, and the next run shows it
    if (auto settled = seller.settle(); !settled)
        with.log.warning(
            "the next run of this command shows this sale again: " + settled.error().message());
    auto showing = show_qr(with, sold.what);
    co_return co_await std::move(showing);
}

/// Buys it, and tells. Whoever interrupts this does not know what came of it.
command buy(session& with, sale::seller& seller, purchase what)
{
    std::string doing = doing_of(what);
    with.unsettled = problem(doing, failure(net::errc::outcome_unknown, "interrupted"), once_more);
    auto selling = seller.sell(std::move(what));
    auto sold = co_await std::move(selling);
    bool is_settled = sold || sold.error() != net::errc::outcome_unknown;
    if (is_settled)
        with.unsettled.reset();
    if (!sold)
        co_return about_sale(doing, sold.error());
    auto telling = tell(with, seller, *sold);
    co_return co_await std::move(telling);
}

/// The customer, as far as a purchase needs it; a new one has no packages yet.
asio::awaitable<boost::system::result<gigastore::customer, problem>> customer_of(
    session& with, const purchase& what)
{
    if (what.kind == purchase_kind::first_package)
        co_return gigastore::customer();
    auto known = co_await with.api.customer(what.customer_uid);
    if (!known)
        co_return about_customer(doing_of(what), known.error());
    gigastore::forget_codes(*known);
    co_return std::move(*known);
}

/// Text as a shell takes it.
std::string quoted(const std::string& text)
{
    std::string out = "'";
    for (char each : text)
        out += each == '\'' ? std::string("'\\''") : std::string(1, each);
    return out + "'";
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
    std::string out = is_first ? "customer create" : "package top-up " + quoted(what.customer_uid);
    auto add = [&out](const char* option, const std::string& value) {
        if (!value.empty())
            out += std::string(" --") + option + " " + quoted(value);
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
    sale::seller seller{with.api, with.settings.state_directory, false, with.log};
    auto recalling = seller.earlier(what);
    auto earlier = co_await std::move(recalling);
    if (!earlier)
        co_return about_sale(doing, earlier.error());
    if (*earlier) {
        auto telling = tell(with, seller, **earlier);
        co_return co_await std::move(telling);
    }
    auto all = co_await with.api.inventory();
    if (!all)
        co_return problem(doing, all.error());
    auto finding = customer_of(with, what);
    auto before = co_await std::move(finding);
    if (!before)
        co_return before.error();
    auto item = sale::find_offer(*all, what.item_id, options.price, *before);
    if (!item)
        co_return problem(doing, item.error());
    what.expected_price = item->retail_price;
    if (!options.yes) {
        auto asking = ask_first(doing, for_sale_header() + to_text(*item) + whom(what, *before));
        if (auto agreed = co_await std::move(asking); !agreed)
            co_return agreed;
    }
    auto buying = buy(with, seller, std::move(what));
    co_return co_await std::move(buying);
}

}  // namespace agent::cli
