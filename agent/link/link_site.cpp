#include "agent/link/link_site.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/net/error.hpp"
#include "agent/web/answers.hpp"
#include "agent/web/reader.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace agent::link {
namespace {

using net::http_request, net::server_response;
using std::chrono::steady_clock;

/// Before the token.
constexpr std::string_view path_start = "/i/";

net::server_limits limits()
{
    net::server_limits out;
    out.clients = 400;
    out.followers = 0;
    out.idle = std::chrono::seconds(10);
    out.body = 1024;
    return out;
}

std::string_view token_of(const http_request& asked)
{
    return asked.path().substr(path_start.size());
}

/// What is the same for everybody; nothing for a link's page.
std::optional<server_response> fixed_answer(const http_request& asked, const web::brand& look)
{
    if (asked.method != "GET")
        return web::plain(405, web::no_page);
    if (asked.path() == "/robots.txt")
        return web::plain(200, "User-agent: *\nDisallow: /");
    if (auto file = web::file_at(asked.path(), look))
        return file;
    if (!asked.path().starts_with(path_start))
        return web::plain(404, web::no_page);
    return std::nullopt;
}

}  // namespace

boost::json::object to_json(const customer_link& one)
{
    boost::json::object out{{"id", one.id}, {"customerUid", one.customer_uid},
        {"iccid", or_null(one.iccid.text())}, {"createdAt", platform::to_iso(one.created_at)},
        {"codeUntil", platform::to_iso(one.code_until)},
        {"pageUntil", platform::to_iso(one.page_until)}, {"openedAt", nullptr}};
    if (one.opened_at)
        out["openedAt"] = platform::to_iso(*one.opened_at);
    return out;
}

link_site::link_site(asio::any_io_executor executor, site_parts with, site_settings settings)
    : with_(with)
    , settings_(std::move(settings))
    , links_(settings_.state_directory)
    , customers_(with.api, with.log)
    , server_(
          executor, [this](http_request asked) { return answer(std::move(asked)); }, limits())
{
}

result<void> link_site::open()
{
    if (auto read = links_.load(); !read)
        return read.error();
    if (auto bound = web::listen(server_, settings_.at, "link"); !bound)
        return bound.error();
    with_.log.info("links are served on port " + std::to_string(server_.port()) + ", as "
                   + settings_.url + std::string(path_start) + "...");
    return {};
}

result<given_link> link_site::give(const esim::order& what)
{
    // It would have ended as soon as the clock is set.
    if (!platform::read_clock().is_plausible())
        return failure(
            net::errc::clock, "a link ends at a time, and this device's clock is not set");
    timestamp now = platform::read_clock().checked_at;
    customer_link one;
    one.customer_uid = what.customer_uid;
    one.esim_uid = what.esim_uid;
    one.iccid = what.iccid;
    one.created_at = now;
    one.code_until = now + settings_.code_lasts;
    one.page_until = std::max<timestamp>(one.code_until, now + settings_.page_lasts);
    auto made = links_.add(std::move(one), now);
    if (!made)
        return made.error();
    with_.log.info("link " + made->id + " was made for eSIM " + shortened(what.iccid.text()));
    given_link out;
    out.id = made->id;
    std::string address = settings_.url;
    address += path_start;
    address.reserve(address.size() + made->token.reveal().size());
    address += made->token.reveal();
    out.url = platform::secret(address);
    platform::wipe(address.data(), address.size());
    return out;
}

task<given_link> link_site::give_to(std::string customer_uid, std::string named)
{
    auto fetching = esim::fetch_order(with_.api, std::move(customer_uid), std::move(named));
    auto order = co_await std::move(fetching);
    if (!order)
        co_return order.error();
    co_return give(*order);
}

boost::json::object link_site::to_json() const
{
    boost::json::array all;
    timestamp now = platform::read_clock().checked_at;
    for (const customer_link& each : links_.all())
        if (now < each.page_until)
            all.push_back(agent::link::to_json(each));
    boost::json::object out;
    out["links"] = std::move(all);
    return out;
}

asio::awaitable<server_response> link_site::answer(http_request asked)
{
    auto answering = get_page(std::move(asked));
    server_response out = co_await std::move(answering);
    web::protect(out, "no-referrer");
    out.headers.emplace_back("X-Robots-Tag", "noindex, nofollow, noarchive");
    co_return out;
}

/// Behind a proxy of this device it is the last that the proxy has added who asks.
std::string link_site::visitor_of(const http_request& asked) const
{
    // Of several such lines the last is the proxy's; those before it may be anybody's.
    std::string_view forwarded;
    for (const auto& [name, value] : asked.headers)
        if (platform::same_ignoring_case(name, "x-forwarded-for"))
            forwarded = value;
    if (!settings_.is_behind_proxy || forwarded.empty())
        return asked.visitor;
    std::string last{forwarded.substr(forwarded.rfind(',') + 1)};
    std::erase(last, ' ');
    boost::system::error_code ec;
    auto address = asio::ip::make_address(last, ec);
    return ec ? asked.visitor : net::visitor_of(address);
}

page_view link_site::view_for(const http_request& asked) const
{
    page_view view;
    view.now = platform::read_clock().checked_at;
    view.on = web::phone_from(asked["user-agent"]);
    view.is_handheld = web::is_handheld(asked["user-agent"]);
    view.base = asked.path();
    view.title = settings_.title;
    view.look = settings_.look;
    view.support = settings_.support;
    return view;
}

server_response link_site::page(
    const http_request& asked, const page_view& view, unsigned status) const
{
    server_response out;
    out.status = status;
    out.content_type = "text/html; charset=utf-8";
    out.headers.emplace_back("Vary", "Accept-Language, User-Agent");
    out.body = to_html(view, *web::language_for(asked, "").in);
    return out;
}

/// Whoever guesses learns the same of a link that ended as of one that never was. Whoever has a
/// link is never turned away for the guesses of others.
server_response link_site::turn_away(const http_request& asked)
{
    if (attempts_.take(visitor_of(asked), steady_clock::now())) {
        page_view view = view_for(asked);
        if (!is_token(token_of(asked)))
            view.base = "/";
        return page(asked, view, 404);
    }
    server_response out = web::plain(429, "Too many links that are none. Wait a minute.");
    out.headers.emplace_back("Retry-After", std::to_string(web::attempts::refill.count()));
    return out;
}

void link_site::report(const customer_link& one, const std::string& imsi, report::stage stage)
{
    report::event what;
    what.stage = stage;
    what.occurrence = "link:" + one.id;
    what.iccid = one.iccid;
    what.imsi = imsi;
    what.customer_uid = one.customer_uid;
    what.profile_state = report::profile_state_after(stage);
    with_.outbox.add(what);
}

/// What the first look at each state means, for the list and for the fleet.
void link_site::note(customer_link one, const page_view& view)
{
    bool is_first = !one.opened_at;
    bool is_shown = view.state == page_state::installable && !std::exchange(one.is_shown, true);
    bool is_installed =
        view.state == page_state::installed && !std::exchange(one.is_installed, true);
    if (!is_first && !is_shown && !is_installed)
        return;
    if (is_first)
        one.opened_at = view.now;
    if (is_shown)
        report(one, view.which->imsi, report::stage::shown);
    if (is_installed)
        report(one, view.which->imsi, report::stage::installed);
    if (auto kept = links_.change(one); !kept)
        with_.log.warning("link " + one.id + ": " + kept.error().message());
}

asio::awaitable<server_response> link_site::get_page(http_request asked)
{
    if (auto fixed = fixed_answer(asked, *settings_.look))
        co_return std::move(*fixed);
    page_view view = view_for(asked);
    const customer_link* found = links_.find(token_of(asked), view.now);
    if (found == nullptr)
        co_return turn_away(asked);
    if (web::is_preview(asked["user-agent"])) {
        view.state = page_state::preview;
        co_return page(asked, view, 200);
    }
    std::string token{token_of(asked)};
    auto asking = customers_.get(found->customer_uid);
    auto who = co_await std::move(asking);
    // It may have been revoked meanwhile, or opened by another.
    found = links_.find(token, view.now);
    if (found == nullptr)
        co_return turn_away(asked);
    customer_link one = *found;
    view.iccid = one.iccid;
    view.state = page_state::unsure;
    bool is_timed = platform::read_clock().is_plausible();
    if (!who || !is_timed) {
        server_response out = page(asked, view, 503);
        out.headers.emplace_back("Retry-After", "10");
        co_return out;
    }
    view.who = who->get();
    view.which = gigastore::find_esim(*view.who, one.iccid, one.esim_uid);
    view.state = page_state::failed;
    if (view.which != nullptr)
        view.state = state_of(*view.which, view.now < one.code_until);
    if (view.state == page_state::installable) {
        auto code = activation_code::parse(view.which->activation_code);
        if (code)
            view.code = std::move(*code);
        else
            view.state = page_state::failed;
    }
    note(std::move(one), view);
    co_return page(asked, view, view.state == page_state::over ? 410 : 200);
}

}  // namespace agent::link
