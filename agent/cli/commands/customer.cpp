#include "agent/cli/commands.hpp"
#include "agent/cli/commands/customer_output.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/net/error.hpp"
#include "agent/net/timeout.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace agent::cli {

std::vector<std::size_t> worth_asking(const gigastore::customer& who)
{
    constexpr std::size_t most = 10;
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < who.related_esims.size() && out.size() < most; ++i)
        if (who.related_esims[i].is_active && !who.related_esims[i].iccid.empty())
            out.push_back(i);
    return out;
}

namespace {

namespace json = boost::json;
using done = boost::system::result<void, problem>;

/// Where eSIMs were last seen, into `seen`. Not all APIs and credentials tell; what came before a
/// failure stays.
task<void> look_up(
    session& with, const gigastore::customer& who, std::shared_ptr<connectivities> seen)
{
    for (std::size_t each : worth_asking(who)) {
        auto answer = co_await with.api.connectivity(who.related_esims[each].iccid);
        if (!answer)
            co_return answer.error();
        (*seen)[each] = *answer;
    }
    co_return result<void>();
}

/// With the installation pages: whoever has one can install the eSIM.
json::object revealed(json::object document, const gigastore::customer& who)
{
    json::array& esims = document["relatedEsims"].as_array();
    for (std::size_t i = 0; i < esims.size(); ++i)
        esims[i].as_object()["installationUrl"] =
            or_null(std::string(who.related_esims[i].installation_url.reveal()));
    return document;
}

std::string installation_pages(const gigastore::customer& who)
{
    std::string out = "\n" + cell("ICCID", 24) + "INSTALLATION PAGE\n";
    for (const gigastore::esim& each : who.related_esims) {
        std::string url = platform::printable(each.installation_url.reveal());
        out += cell(each.iccid.text(), 24) + (url.empty() ? "-" : url) + "\n";
    }
    return out;
}

asio::awaitable<done> show(session& with, std::string uid, bool reveal)
{
    auto who = co_await with.api.customer(uid);
    if (!who)
        co_return about_customer("fetching customer " + uid, who.error());
    constexpr std::chrono::seconds patience{5};
    auto seen = std::make_shared<connectivities>(who->related_esims.size());
    auto looking = net::with_timeout(look_up(with, *who, seen), patience);
    auto found = co_await std::move(looking);
    if (!found)
        with.log.info("not all last connections are shown: " + found.error().message());
    auto now = platform::read_clock().system;
    if (with.json) {
        json::object document = to_json(*who, *seen, now);
        print(json_text(reveal ? revealed(std::move(document), *who) : document) + "\n");
    } else
        print(to_text(*who, *seen, now) + (reveal ? installation_pages(*who) : ""));
    co_return done();
}

/// Prints customers as they come, page after page; `limit` 0 is all.
asio::awaitable<done> print_all(session& with, gigastore::customer_pages pages, std::size_t limit)
{
    std::size_t count = 0;
    auto now = platform::read_clock().system;
    while (limit == 0 || count < limit) {
        auto page = co_await pages.next();
        if (!page && count > 0 && with.json) {
            print("\n]\n");     // what came is a whole document,
            with.json = false;  // so that the problem is only told on standard error
        }
        if (!page)
            co_return problem(count == 0
                                  ? "listing customers"
                                  : "listing customers after the first " + std::to_string(count),
                page.error());
        if (page->empty())
            break;
        for (const auto& who : *page) {
            if (limit != 0 && count == limit)
                break;
            if (with.json)
                print((count == 0 ? "[\n" : ",\n") + json_text(to_json(who, {}, now)));
            else
                print((count == 0 ? line_header() : "") + to_line(who));
            ++count;
        }
        if (!flush_output())
            co_return done();  // main() says why
    }
    if (with.json)
        print(count == 0 ? "[]\n" : "\n]\n");
    else if (count == 0)
        print("No customers found.\n");
    co_return done();
}

}  // namespace

namespace {

/// An ICCID as it is printed on cards, in groups of four, is the same without the blanks.
gigastore::search without_blanks(gigastore::search query)
{
    if (query.key == gigastore::search_key::iccid)
        std::erase_if(query.text, [](char c) { return c == ' ' || c == '-'; });
    return query;
}

/// The UID of the one customer that a search finds. Fails if it is none, or if there are several.
asio::awaitable<boost::system::result<std::string, problem>> found_uid(
    session& with, gigastore::search query)
{
    std::string doing = "finding the customer";
    auto pages = with.api.search_customers(std::move(query));
    auto page = co_await pages.next();
    if (!page)
        co_return problem(doing, page.error());
    failure none(net::errc::not_found, "there is none");
    if (page->empty())
        co_return problem(doing, none, "'esim-agent customer search --match contains' finds more.");
    failure several(platform::errc::usage, "there are several");
    if (page->size() > 1)
        co_return problem(
            doing, several, "'esim-agent customer search' lists them; then show one by its UID.");
    co_return page->front().uid;
}

}  // namespace

command run(session& with, customer_show_options options)
{
    if (!options.query.text.empty()) {
        auto finding = found_uid(with, without_blanks(std::move(options.query)));
        auto found = co_await std::move(finding);
        if (!found)
            co_return found.error();
        options.uid = std::move(*found);
    }
    auto uid = wanted_uid(with, std::move(options.uid));
    if (!uid)
        co_return uid.error();
    co_return co_await show(with, *uid, options.reveal);
}

command run(session& with, customer_list_options options)
{
    auto limit = static_cast<std::size_t>(options.limit);
    co_return co_await print_all(with, with.api.customers(options.limit), limit);
}

command run(session& with, customer_search_options options)
{
    auto pages = with.api.search_customers(without_blanks(std::move(options.query)));
    co_return co_await print_all(with, std::move(pages), 0);
}

command run(session& with, customer_update_options options)
{
    std::string doing = "updating customer " + options.uid;
    auto& country = options.change.country_of_residence;
    if (country)
        *country = platform::upper(*country);
    failure no_country(
        platform::errc::usage, "the country must be a two-letter ISO 3166-1 code, such as AT");
    if (country && !gigastore::is_country(*country))
        co_return problem(doing, no_country);
    const auto& email = options.change.email;
    failure no_email(platform::errc::usage, "this is not an e-mail address");
    if (email && !gigastore::is_email(*email))
        co_return problem(doing, no_email);
    auto changed = co_await with.api.update_customer(options.uid, options.change);
    if (!changed)
        co_return about_customer(doing, changed.error());
    co_return co_await show(with, options.uid, false);
}

}  // namespace agent::cli
