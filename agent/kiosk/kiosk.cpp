#include "agent/kiosk/kiosk.hpp"

#include "agent/base/base64.hpp"
#include "agent/base/digest.hpp"
#include "agent/base/redact.hpp"
#include "agent/net/tls.hpp"
#include "kiosk_page.hpp"
#include "platform/bytes.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"
#include "platform/timeout.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace agent::kiosk {
namespace {

using net::server_request, net::server_response;
using print::choose_language, print::find_language, print::languages;

constexpr const char* own_session = "/s/";

/// For a browser's page and its event stream; more than a shop has.
net::server_limits limits()
{
    net::server_limits out;
    out.clients = 800;
    out.idle = std::chrono::seconds(10);
    out.body = 4 * 1024;
    return out;
}

/// What keeps a page to itself: no script, style, image or frame from elsewhere, nothing kept.
void protect(server_response& answer)
{
    answer.headers.emplace_back("Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
    // Not no-referrer: with that a browser's own form would not say where it comes from.
    answer.headers.emplace_back("Referrer-Policy", "same-origin");
    answer.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    answer.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

server_response plain(unsigned status, std::string words)
{
    server_response out;
    out.status = status;
    out.content_type = "text/plain; charset=utf-8";
    out.body = std::move(words) + "\n";
    return out;
}

server_response no_content()
{
    server_response out;
    out.status = 204;
    return out;
}

server_response see_other(const std::string& where)
{
    server_response out = plain(303, where);
    out.headers.emplace_back("Location", where);
    return out;
}

const char* type_of(std::string_view name)
{
    return name.ends_with(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
}

/// The files that belong to the page: "/page.css".
const embedded_file* find_page_file(std::string_view path)
{
    auto is_it = [path](const embedded_file& each) {
        return path.size() > 1 && path.substr(1) == each.name;
    };
    auto found = std::ranges::find_if(kiosk_page, is_it);
    return found == std::end(kiosk_page) ? nullptr : found;
}

/// The value of a field in a form's body, or in a query (application/x-www-form-urlencoded).
std::string form_value(std::string_view form, std::string_view name)
{
    while (!form.empty()) {
        auto end = std::min(form.find('&'), form.size());
        std::string_view part = form.substr(0, end);
        form.remove_prefix(std::min(end + 1, form.size()));
        bool is_it = part.starts_with(name) && part.substr(name.size()).starts_with('=');
        if (!is_it)
            continue;
        std::string out;
        part.remove_prefix(name.size() + 1);
        for (std::size_t i = 0; i < part.size(); ++i) {
            auto octet = part[i] == '%' ? platform::from_hex(part.substr(i + 1, 2)) : std::nullopt;
            bool is_encoded = octet && octet->size() == 1;
            if (is_encoded)
                out += static_cast<char>(octet->front());
            else
                out += part[i] == '+' ? ' ' : part[i];
            i += is_encoded ? 2 : 0;
        }
        return out;
    }
    return {};
}

/// "localhost" and the loopback addresses, with any port: a name that somebody else's DNS points
/// here is none of them.
bool is_loopback_host(std::string_view host)
{
    auto bare =
        host.substr(0, host.rfind(']') == host.npos ? host.rfind(':') : host.rfind(']') + 1);
    if (bare == "localhost" || bare == "[::1]")
        return true;
    error_code ec;
    auto address = asio::ip::make_address_v4(bare, ec);  // "127.0.0.1.evil.example" is none
    return !ec && address.is_loopback();
}

/// Equal in a time that tells nothing about either.
bool same_secret(std::string_view given, const platform::secret& expected)
{
    return sha256(platform::view_of(given)) == sha256(platform::view_of(expected.reveal()));
}

}  // namespace

/// Who looks at which page, in which language.
struct kiosk::visit {
    std::string base = "/";  // or "/s/ID/"
    std::string id{};        // of the session in it
    std::string action{};    // what comes behind: "events", "end"
    std::string query{};
    const language* in = nullptr;
    phone on = phone::none;
};

kiosk::kiosk(asio::any_io_executor executor, session_store& sessions, gigastore::client& api,
    kiosk_settings settings, platform::logger& log)
    : sessions_(sessions)
    , api_(api)
    , settings_(std::move(settings))
    , log_(log)
    , server_(
          executor, [this](server_request asked) { return answer(std::move(asked)); }, limits())
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
    std::shared_ptr<asio::ssl::context> tls;
    if (!settings_.certificate_file.empty()) {
        auto made = net::make_server_context(settings_.certificate_file, settings_.key_file);
        if (!made)
            return made.error();
        tls = std::make_shared<asio::ssl::context>(std::move(*made));
    }
    if (!settings_.token_file.empty()) {
        auto token = platform::read_secret_file(settings_.token_file);
        if (!token)
            return token.error();
        token_ = std::move(*token);
    }
    if (auto bound = server_.listen_on_address(settings_.address, settings_.port, tls); !bound)
        return failure(platform::errc::configuration,
            "kiosk: " + bound.error().detail() + ": " + bound.error().code().message()
                + "; 'ss -ltnp' shows who has it, <kiosk listen=\"...\"/> another");
    log_.info("the kiosk's page is at " + url());
    return {};
}

std::string kiosk::url() const
{
    if (!settings_.has_page)
        return {};
    bool is_v6 = settings_.address.find(':') != std::string::npos;
    std::string host = is_v6 ? "[" + settings_.address + "]" : settings_.address;
    return (settings_.certificate_file.empty() ? "http://" : "https://") + host + ":"
           + std::to_string(server_.port()) + "/";
}

asio::awaitable<void> kiosk::run()
{
    if (settings_.has_page)
        co_await server_.run();
}

bool kiosk::is_allowed(const server_request& asked) const
{
    if (settings_.token_file.empty())
        return is_loopback_host(asked["host"]);
    std::string_view given = asked["authorization"];
    if (platform::starts_with_ignoring_case(given, "Bearer "))
        return same_secret(given.substr(7), token_);
    if (!platform::starts_with_ignoring_case(given, "Basic "))
        return false;
    auto decoded = from_base64(given.substr(6));
    if (!decoded)
        return false;
    std::string_view pair{reinterpret_cast<const char*>(decoded->data()), decoded->size()};
    auto colon = pair.find(':');
    return colon != pair.npos && same_secret(pair.substr(colon + 1), token_);
}

/// Whether a form comes from our own page, and not from another that the browser has open.
bool kiosk::is_from_here(const server_request& asked) const
{
    std::string_view site = asked["sec-fetch-site"];
    if (!site.empty() && site != "same-origin" && site != "none")
        return false;
    std::string_view origin = asked["origin"];
    std::string scheme = settings_.certificate_file.empty() ? "http://" : "https://";
    return origin.empty() || origin == scheme + std::string(asked["host"]);
}

server_response kiosk::page(const visit& by, page_view view, unsigned status)
{
    view.base = by.base;
    view.query = by.query;
    view.title = settings_.title;
    view.has_self_service = settings_.has_self_service;
    view.takes_email = settings_.takes_email;
    view.has_printer = static_cast<bool>(print_);
    view.on = by.on;
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
    bool has_code = one != nullptr && one->shows_code(steady_clock::now());
    if (has_code)
        sessions_.note_shown(*one);
    return page(by, view, view.is_over ? 410 : 200);
}

server_response kiosk::events(const visit& by)
{
    session* one = sessions_.find(by.id);
    if (one == nullptr && !by.id.empty())
        return no_content();  // which tells an EventSource to stop
    server_response out;
    out.content_type = "text/event-stream";
    std::shared_ptr<net::event_feed> changes = one != nullptr ? one->changes : nullptr;
    out.stream = [this, changes](net::stream_writer& to) {
        net::event_feed& followed = changes ? *changes : sessions_.screen();
        return followed.follow(to, "retry: 2000\n\n", "event: alive\ndata: \n\n");
    };
    return out;
}

asio::awaitable<server_response> kiosk::answer(server_request asked)
{
    server_response out;
    if (!is_allowed(asked)) {
        bool needs_token = !settings_.token_file.empty();
        constexpr std::chrono::milliseconds penalty{500};
        if (needs_token)
            co_await platform::pause(penalty);
        out = plain(needs_token ? 401 : 421,
            needs_token ? "The kiosk's token is needed, as the password."
                        : "This page is for this device alone: ask for it as localhost.");
        if (needs_token)
            out.headers.emplace_back(
                "WWW-Authenticate", "Basic realm=\"kiosk\", charset=\"UTF-8\"");
        protect(out);
        co_return out;
    }
    visit by;
    std::string_view path = asked.path();
    if (path.starts_with(own_session)) {
        std::string_view rest = path.substr(std::string_view(own_session).size());
        by.id = rest.substr(0, rest.find('/'));
        by.base = own_session + by.id + "/";
    }
    constexpr std::size_t id_size = 32;
    bool is_id =
        by.id.size() == id_size && by.id.find_first_not_of("0123456789ABCDEF") == std::string::npos;
    bool has_base = path.starts_with(by.base) && (by.id.empty() || is_id);
    by.action = has_base ? path.substr(by.base.size()) : "";
    by.on = phone_from(asked["user-agent"]);
    std::string query = asked.target.substr(std::min(path.size() + 1, asked.target.size()));
    by.in = find_language(form_value(query, "lang"));
    if (by.in != nullptr)
        by.query = "?lang=" + by.in->code;
    if (by.in == nullptr && !settings_.language.empty())
        by.in = find_language(settings_.language);
    if (by.in == nullptr)
        by.in = &choose_language(asked["accept-language"]);
    bool is_get = asked.method == "GET";
    if (const embedded_file* file = find_page_file(path); file != nullptr && is_get) {
        out.content_type = type_of(file->name);
        out.body = file->content;
        out.headers.emplace_back("Cache-Control", "no-cache");
    } else if (!has_base || (!is_get && asked.method != "POST")) {
        out = plain(has_base ? 405 : 404, "There is no such page.");
    } else if (is_get && by.action.empty()) {
        out = show(by);
    } else if (is_get && by.action == "events") {
        out = events(by);
    } else if (is_get) {
        out = plain(404, "There is no such page.");
    } else if (!is_from_here(asked)) {
        out = plain(403, "This is only taken from the kiosk's own page.");
    } else {
        auto posting = post(std::move(by), std::move(asked.body));
        out = co_await std::move(posting);
    }
    protect(out);
    co_return out;
}

asio::awaitable<server_response> kiosk::post(visit by, platform::wiped_string body)
{
    bool is_find = by.action == "find" && by.id.empty() && settings_.has_self_service;
    if (is_find) {
        auto finding = find(std::move(by), std::move(body));
        co_return co_await std::move(finding);
    }
    if (by.action == "print" && print_) {
        auto printing = print(std::move(by));
        co_return co_await std::move(printing);
    }
    session* one = session_of(by);
    if (by.action == "end" && one != nullptr)
        sessions_.end(std::string(one->id));
    else if (by.action == "extend" && one != nullptr)
        sessions_.extend(*one);
    else if (by.action != "end" && by.action != "extend")
        co_return plain(404, "There is no such page.");
    co_return see_other(by.base + by.query);
}

/// Whatever was wrong with what somebody entered, the answer is the same, and takes the same time:
/// it does not tell who is a customer.
asio::awaitable<server_response> kiosk::find(visit by, platform::wiped_string body)
{
    page_view view;
    if (!attempts_.take(steady_clock::now())) {
        view.notice = "find_wait";
        server_response out = page(by, view, 429);
        out.headers.emplace_back("Retry-After", std::to_string(attempts::refill.count()));
        co_return out;
    }
    auto begin = steady_clock::now();
    auto whose = co_await find_customer(api_, form_value(body, "q"), settings_.takes_email);
    std::string id;
    if (whose) {
        session_order order;
        order.customer_uid = whose->uid;
        order.named = whose->named;
        order.is_on_screen = settings_.has_one_screen;  // else on the screen of whoever asked
        auto opened = co_await sessions_.open(std::move(order));
        if (opened)
            id = *opened;
        else
            log_.info("kiosk: self-service found nothing to install: " + opened.error().name());
    } else if (whose.error().kind() != failure_class::not_found) {
        log_.warning("kiosk: self-service: " + words_of(whose.error()));
    }
    constexpr std::chrono::milliseconds step{1'500};
    auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
    co_await platform::pause(step - passed % step);
    bool is_shown_here = settings_.has_one_screen && sessions_.on_screen() != nullptr;
    if (is_shown_here)  // it, or what the till has opened meanwhile
        co_return see_other("/" + by.query);
    if (!id.empty())
        co_return see_other(own_session + id + "/" + by.query);
    view.notice = "find_failed";
    co_return page(by, view, 404);
}

asio::awaitable<server_response> kiosk::print(visit by)
{
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
    auto done = co_await print_(one->activation_code, one->iccid, *by.in);
    if (!done)
        log_.warning("kiosk: printing: " + words_of(done.error()));
    co_return show(by, done ? "printed" : "print_failed");
}

}  // namespace agent::kiosk
