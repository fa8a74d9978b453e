#include "agent/kiosk/kiosk.hpp"

#include "agent/base/redact.hpp"
#include "agent/kiosk/guard.hpp"
#include "agent/net/form.hpp"
#include "agent/net/timeout.hpp"
#include "agent/web/answers.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::kiosk {
namespace {

using net::http_request, net::server_response;
using print::find_language, print::languages;
using web::no_page, web::plain, web::see_other;

/// Nothing slows down who guesses a token, so that nothing is kept busy by it.
constexpr std::size_t shortest_token = 12;

/// How long an answer of self-service takes: longer than Gigastore does.
constexpr std::chrono::milliseconds find_time{3'000};

/// For a browser's page and its event stream; more than a shop has. Over TLS each takes some 25 kB:
/// all of them stay below the unit's MemoryMax.
net::server_limits limits()
{
    net::server_limits out;
    out.clients = 800;
    out.followers = 600;
    out.idle = std::chrono::seconds(10);
    out.body = 4 * 1024;
    return out;
}

}  // namespace

kiosk::kiosk(asio::any_io_executor executor, session_store& sessions, gigastore::client& api,
    kiosk_settings settings, platform::logger& log)
    : sessions_(sessions)
    , api_(api)
    , settings_(std::move(settings))
    , log_(log)
    , server_(
          executor, [this](http_request asked) { return answer(std::move(asked)); }, limits())
{
}

result<void> kiosk::listen()
{
    bool is_unknown = !settings_.language.empty() && find_language(settings_.language) == nullptr;
    if (is_unknown) {
        std::string known;
        for (const language& each : languages())
            known += (known.empty() ? "" : ", ") + each.code;
        return failure(platform::errc::configuration,
            "kiosk: there is no language '" + settings_.language + "'; there are " + known);
    }
    if (!settings_.has_page)
        return {};
    if (!settings_.token_file.empty()) {
        auto token = platform::read_secret_file(settings_.token_file);
        if (!token)
            return token.error();
        if (token->reveal().size() < shortest_token)
            return failure(platform::errc::configuration,
                settings_.token_file
                    + " holds a token that can be guessed: " + std::to_string(shortest_token)
                    + " characters at least; 'openssl rand -hex 16' makes a good one");
        token_ = std::move(*token);
    }
    auto network = read_wifi(settings_.wifi_ssid, settings_.wifi_password_file);
    if (!network)
        return network.error();
    wifi_ = std::move(*network);
    if (auto bound = web::listen(server_, settings_.at, "kiosk"); !bound)
        return bound.error();
    log_.info("the kiosk's page is at " + url());
    return {};
}

std::string kiosk::url() const
{
    if (!settings_.has_page)
        return {};
    bool is_v6 = settings_.at.address.find(':') != std::string::npos;
    std::string host = is_v6 ? "[" + settings_.at.address + "]" : settings_.at.address;
    return std::string(scheme()) + "://" + host + ":" + std::to_string(server_.port()) + "/";
}

asio::awaitable<void> kiosk::run()
{
    if (settings_.has_page)
        co_await server_.run();
}

/// What every page of this visit has.
void kiosk::complete(const visit& by, page_view& view) const
{
    view.base = by.base;
    view.chosen = by.chosen;
    view.title = settings_.title;
    view.look = settings_.look;
    view.has_self_service = settings_.has_self_service;
    view.takes_email = settings_.takes_email;
    view.has_printer = static_cast<bool>(print_);
    view.on = by.on;
    view.network = wifi_.ssid.empty() ? nullptr : &wifi_;
}

server_response kiosk::page(const visit& by, page_view view, unsigned status)
{
    complete(by, view);
    server_response out;
    out.status = status;
    out.content_type = "text/html; charset=utf-8";
    out.headers.emplace_back("Vary", "Accept-Language, User-Agent");
    out.body = to_html(view, *by.in);
    return out;
}

session* kiosk::session_of(const visit& by)
{
    return by.id.empty() ? sessions_.on_screen() : sessions_.find(by.id);
}

server_response kiosk::show(const visit& by, std::string notice)
{
    page_view view;
    session* one = session_of(by);
    view.shown = one;
    view.is_over = one == nullptr && !by.id.empty();
    view.notice = std::move(notice);
    complete(by, view);
    bool has_code = one != nullptr && one->shows_code(steady_clock::now()) && !leads_to_wifi(view);
    if (has_code)
        sessions_.note_shown(*one);
    return page(by, view, view.is_over ? 410 : 200);
}

server_response kiosk::events(const visit& by)
{
    session* one = sessions_.find(by.id);
    if (one == nullptr && !by.id.empty())
        return web::no_content();  // which tells an EventSource to stop
    server_response out;
    out.content_type = "text/event-stream";
    out.is_feed = true;
    std::shared_ptr<net::event_feed> changes = one != nullptr ? one->changes : nullptr;
    out.stream = [this, changes](net::stream_writer& to) {
        net::event_feed& followed = changes ? *changes : sessions_.screen();
        return followed.follow(to, "retry: 2000\n\n", "event: alive\ndata: \n\n");
    };
    return out;
}

const net::endpoint<kiosk::handler> kiosk::endpoints[] = {
    {"GET", "/", &kiosk::get_page},
    {"GET", "/s/*/", &kiosk::get_page},
    {"GET", "/events", &kiosk::get_events},
    {"GET", "/s/*/events", &kiosk::get_events},
    {"POST", "/find", &kiosk::find},
    {"POST", "/print", &kiosk::print},
    {"POST", "/s/*/print", &kiosk::print},
    {"POST", "/end", &kiosk::end},
    {"POST", "/s/*/end", &kiosk::end},
    {"POST", "/extend", &kiosk::extend},
    {"POST", "/s/*/extend", &kiosk::extend},
    {"POST", "/online", &kiosk::online},
    {"POST", "/s/*/online", &kiosk::online},
    {"POST", "/offline", &kiosk::offline},
    {"POST", "/s/*/offline", &kiosk::offline},
};

/// Why somebody may not ask at all; nothing if they may.
std::optional<server_response> kiosk::turn_away(const http_request& asked) const
{
    bool needs_token = !settings_.token_file.empty();
    if (needs_token ? shows_token(asked, token_) : is_for_this_device(asked))
        return std::nullopt;
    if (!needs_token)
        return plain(421, "This page is for this device alone: ask for it as localhost.");
    server_response out = plain(401, "The kiosk's token is needed, as the password.");
    out.headers.emplace_back("WWW-Authenticate", "Basic realm=\"kiosk\", charset=\"UTF-8\"");
    return out;
}

asio::awaitable<server_response> kiosk::answer(http_request asked)
{
    auto answering = route(std::move(asked));
    server_response out = co_await std::move(answering);
    // Not no-referrer: with that a browser's own form would not say where it comes from.
    web::protect(out, "same-origin");
    co_return out;
}

asio::awaitable<server_response> kiosk::route(http_request asked)
{
    if (auto refused = turn_away(asked))
        co_return std::move(*refused);
    if (auto file =
            asked.method == "GET" ? web::file_at(asked.path(), *settings_.look) : std::nullopt)
        co_return std::move(*file);
    auto found = net::find_route<handler>(endpoints, asked.method, asked.path());
    bool is_odd = !found.parts.empty() && !is_session_id(found.parts.front());
    if (is_odd)
        co_return plain(404, no_page);
    if (found.to == nullptr)
        co_return plain(found.is_known_path ? 405 : 404, no_page);
    bool is_form = asked.method == "POST";
    if (is_form && !is_from_own_page(asked, scheme()))
        co_return plain(403, "This is only taken from the kiosk's own page.");
    visit by = visit_of(asked, found.parts, settings_.language);
    by.visitor = std::move(asked.visitor);
    auto answering = (this->*found.to->answer)(std::move(by), std::move(asked.body));
    co_return co_await std::move(answering);
}

asio::awaitable<server_response> kiosk::get_page(visit by, platform::wiped_string)
{
    co_return show(by);
}

asio::awaitable<server_response> kiosk::get_events(visit by, platform::wiped_string)
{
    co_return events(by);
}

asio::awaitable<server_response> kiosk::end(visit by, platform::wiped_string)
{
    if (session* one = session_of(by))
        sessions_.end(std::string(one->id));
    co_return see_other(by.base + by.chosen.text());
}

asio::awaitable<server_response> kiosk::extend(visit by, platform::wiped_string)
{
    if (session* one = session_of(by))
        sessions_.extend(*one);
    co_return see_other(by.base + by.chosen.text());
}

asio::awaitable<server_response> kiosk::set_online(visit by, bool is_online)
{
    if (session* one = session_of(by))
        sessions_.set_online(*one, is_online);
    co_return see_other(by.base + by.chosen.text());
}

asio::awaitable<server_response> kiosk::online(visit by, platform::wiped_string)
{
    return set_online(std::move(by), true);
}

asio::awaitable<server_response> kiosk::offline(visit by, platform::wiped_string)
{
    return set_online(std::move(by), false);
}

/// The session of whatever somebody entered: its id.
task<std::string> kiosk::open_for(std::string reference)
{
    auto finding = find_customer(api_, std::move(reference), settings_.takes_email);
    auto whose = co_await std::move(finding);
    if (!whose)
        co_return whose.error();
    session_order order;
    order.customer_uid = whose->uid;
    order.named = whose->named;
    order.is_on_screen = settings_.has_one_screen;  // else on the screen of whoever asked
    auto opening = sessions_.open(std::move(order));
    co_return co_await std::move(opening);
}

/// Whatever was wrong with what somebody entered, the answer is the same, and comes after the same
/// time, however slow Gigastore is: it does not tell who is a customer.
asio::awaitable<server_response> kiosk::find(visit by, platform::wiped_string body)
{
    if (!settings_.has_self_service)
        co_return plain(404, no_page);
    page_view view;
    if (!attempts_.take(by.visitor, steady_clock::now())) {
        view.notice = "find_wait";
        server_response out = page(by, view, 429);
        out.headers.emplace_back("Retry-After", std::to_string(web::attempts::refill.count()));
        co_return out;
    }
    auto begin = steady_clock::now();
    auto opening = open_for(net::form_value(body, "q"));
    auto opened = co_await net::with_timeout(std::move(opening), find_time);
    if (!opened && opened.error().kind() != failure_class::not_found)
        log_.warning("kiosk: self-service: " + words_of(opened.error()));
    co_await platform::pause(std::chrono::ceil<std::chrono::milliseconds>(
        std::max(begin + find_time - steady_clock::now(), steady_clock::duration::zero())));
    // It, or what the till has opened meanwhile; or it was seen and ended before this answer.
    bool is_shown_here = settings_.has_one_screen && (opened || sessions_.on_screen() != nullptr);
    if (is_shown_here)
        co_return see_other("/" + by.chosen.text());
    if (opened)
        co_return see_other(own_page_of(*opened) + by.chosen.text());
    view.notice = "find_failed";
    co_return page(by, view, 404);
}

asio::awaitable<server_response> kiosk::print(visit by, platform::wiped_string)
{
    if (!print_)
        co_return plain(404, no_page);
    session* one = session_of(by);
    bool has_code = one != nullptr && one->shows_code(steady_clock::now());
    if (!has_code || is_printing_)
        co_return show(by);
    struct busy {
        bool& flag;
        explicit busy(bool& of) : flag(of) { flag = true; }
        ~busy() { flag = false; }
        busy(const busy&) = delete;
        busy& operator=(const busy&) = delete;
    } printing(is_printing_);
    print::receipt what;
    what.code = one->activation_code;
    what.iccid = one->iccid;
    what.link = one->link;
    auto done = co_await print_(std::move(what), *by.in);
    if (!done)
        log_.warning("kiosk: printing: " + words_of(done.error()));
    co_return show(by, done ? "printed" : "print_failed");
}

}  // namespace agent::kiosk
