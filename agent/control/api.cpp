#include "agent/control/api.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/control/answers.hpp"
#include "agent/control/metrics.hpp"
#include "agent/esim/fetch_order.hpp"
#include "agent/gigastore/to_json.hpp"
#include "agent/net/error.hpp"
#include "agent/net/timeout.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"
#include "qr/matrix.hpp"
#include "qr/svg.hpp"
#ifdef ESIM_AGENT_PNG
#include "qr/bitmap.hpp"
#include "qr/png.hpp"
#endif

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace agent::control {
namespace {

using net::http_request, net::server_response;

failure no_card()
{
    return usage("no modem or card reader is configured");
}

failure not_known_yet(const std::string& what)
{
    return {net::errc::unreachable, what + " is not known yet: Gigastore was not reached so far"};
}

/// Reads {"customerUid", "iccid", "confirmationCode"}, all optional; refuses everything else.
result<provision::wanted> read_order(const platform::wiped_string& body)
{
    provision::wanted out;
    if (body.empty())
        return out;
    json_document document{body};
    if (document.root() == nullptr || !document.root()->is_object())
        return usage("the body is no JSON object");
    for (const auto& each : document.root()->get_object()) {
        std::string_view name{each.key().data(), each.key().size()};
        bool is_text = each.value().is_string() && !each.value().get_string().empty();
        if (!is_text)
            return usage(std::string(name) + " must be a text that is not empty");
        std::string_view value{each.value().get_string()};
        if (name == "customerUid")
            out.customer_uid = value;
        else if (name == "iccid")
            out.named = value;
        else if (name == "confirmationCode")
            out.confirmation_code = platform::secret(value);
        else
            return usage("'" + std::string(name)
                         + "' is not known; there are customerUid, iccid "
                           "and confirmationCode");
    }
    if (!gigastore::is_plain_uid(out.customer_uid))
        return usage("customerUid is no UID");
    if (!out.named.empty() && !iccid::parse(out.named))
        return usage("an ICCID is 18 to 22 digits");
    return out;
}

}  // namespace

const net::endpoint<api::handler> api::endpoints[] = {
    {"GET", "/v1/status", &api::get_status},
    {"GET", "/v1/customer", &api::get_customer},
    {"GET", "/v1/profiles", &api::get_profiles},
    {"GET", "/v1/events", &api::get_events},
    {"GET", "/v1/qr.svg", &api::get_qr_svg},
    {"GET", "/v1/qr.png", &api::get_qr_png},
    {"GET", "/v1/reports", &api::get_reports},
    {"GET", "/v1/log", &api::get_log},
    {"GET", "/metrics", &api::get_metrics},
    {"POST", "/v1/install", &api::post_install},
    {"POST", "/v1/confirmation-code", &api::post_confirmation_code},
    {"POST", "/v1/profiles/*/enable", &api::enable_profile},
    {"POST", "/v1/profiles/*/disable", &api::disable_profile},
    {"DELETE", "/v1/profiles/*", &api::delete_profile},
    {"POST", "/v1/notifications/send", &api::post_notifications},
    {"POST", "/v1/reports/flush", &api::post_reports},
    {"POST", "/v1/reload", &api::post_reload},
    {"POST", "/v1/card", &api::post_card},
#ifdef ESIM_AGENT_KIOSK
    {"GET", "/v1/kiosk/sessions", &api::get_sessions},
    {"POST", "/v1/kiosk/sessions", &api::post_session},
    {"GET", "/v1/kiosk/sessions/*", &api::get_session},
    {"DELETE", "/v1/kiosk/sessions/*", &api::delete_session},
    {"GET", "/v1/links", &api::get_links},
    {"POST", "/v1/links", &api::post_link},
    {"DELETE", "/v1/links", &api::delete_links},
    {"DELETE", "/v1/links/*", &api::delete_link},
#endif
};

asio::awaitable<server_response> api::answer(http_request asked)
{
    auto found = net::find_route<handler>(endpoints, asked.method, asked.path());
    if (found.to == nullptr && found.is_known_path)
        co_return to_problem(usage(asked.method + " is not offered there"), 405);
    if (found.to == nullptr)
        co_return to_problem(usage("there is no such resource; see openapi.json"), 404);
    asked.parts = std::move(found.parts);
    auto answering = (this->*found.to->answer)(std::move(asked));
    co_return co_await std::move(answering);
}

json::object api::status() const
{
    json::object out = to_json(with_.provisioner.now());
    out["version"] = AGENT_VERSION;
    json::array destinations;
    for (const report::courier* each : with_.couriers) {
        report::courier_status one = each->status();
        destinations.push_back({{"name", one.name}, {"waiting", one.waiting},
            {"delivered", one.delivered}, {"off", one.is_off},
            {"lastAcceptedAt", one.last_accepted ? json::value(platform::to_iso(*one.last_accepted))
                                                 : json::value()},
            {"trouble", one.trouble.empty() ? json::value() : json::value(one.trouble)}});
    }
    out["reports"] = json::object{{"waiting", with_.outbox.waiting().size()},
        {"unsaved", with_.outbox.unsaved()}, {"destinations", std::move(destinations)}};
    out["cardUse"] = with_.gate.is_taken() ? json::value(with_.gate.use()) : json::value();
    return out;
}

asio::awaitable<server_response> api::get_status(http_request)
{
    co_return to_response(status());
}

asio::awaitable<server_response> api::get_customer(http_request)
{
    const auto& who = with_.provisioner.known().customer;
    if (!who)
        co_return to_problem(not_known_yet("the customer"));
    auto now = platform::read_clock().system;
    co_return to_response(gigastore::to_json(*who, gigastore::connectivities(), now));
}

asio::awaitable<server_response> api::get_profiles(http_request)
{
    if (with_.card == nullptr)
        co_return to_problem(no_card());
    auto all = co_await with_.card->profiles();
    co_return to_response(all);
}

asio::awaitable<server_response> api::get_events(http_request)
{
    server_response out;
    out.content_type = "text/event-stream";
    out.is_feed = true;
    out.stream = [this](net::stream_writer& to) {
        return with_.events.follow(to, net::to_event("status", json::serialize(status())));
    };
    co_return out;
}

/// With the code as Gigastore has it now: the daemon keeps none while it rests.
task<qr::matrix> api::present_qr()
{
    const auto& known = with_.provisioner.known().customer;
    if (!known)
        co_return not_known_yet("the eSIM");
    iccid which = with_.provisioner.now().iccid;
    constexpr std::chrono::seconds patience{10};
    auto asking = net::with_timeout(with_.gigastore.customer(known->uid), patience);
    auto who = co_await std::move(asking);
    if (!who)
        co_return who.error();
    const gigastore::esim* one = provision::find_esim(*who, which);
    if (one == nullptr)
        co_return failure(net::errc::not_found, "no eSIM of the customer is chosen");
    auto order = esim::order_of(*who, *one);
    if (!order)
        co_return failure(net::errc::not_found, order.error().detail());
    auto matrix = qr::encode(order->code->text().reveal());
    if (!matrix)
        co_return failure(platform::errc::too_long, "the code is too long for any QR");
    co_return std::move(*matrix);
}

asio::awaitable<server_response> api::get_qr_svg(http_request)
{
    auto code = co_await present_qr();
    if (!code)
        co_return to_problem(code.error());
    server_response out;
    out.content_type = "image/svg+xml";
    out.body = qr::to_svg(*code, "eSIM installation code",
        "QR code to scan with a phone's camera or its eSIM settings");
    co_return out;
}

asio::awaitable<server_response> api::get_qr_png(http_request)
{
#ifdef ESIM_AGENT_PNG
    auto code = co_await present_qr();
    if (!code)
        co_return to_problem(code.error());
    constexpr int pixels = 400;
    server_response out;
    out.content_type = "image/png";
    out.body = qr::to_png(*code, qr::scale_for(*code, pixels));
    co_return out;
#else
    co_return to_problem(usage("this esim-agent was built without PNG; take /v1/qr.svg"));
#endif
}

asio::awaitable<server_response> api::get_metrics(http_request)
{
    std::vector<report::courier_status> destinations;
    destinations.reserve(with_.couriers.size());
    for (const report::courier* each : with_.couriers)
        destinations.push_back(each->status());
    server_response out;
    out.content_type = "text/plain; version=0.0.4";
    out.body = to_metrics(with_.provisioner.now(), destinations);
    co_return out;
}

/// What is wrong with the destinations; empty if nothing is.
std::string api::why_waiting() const
{
    std::string out;
    for (const report::courier* each : with_.couriers) {
        report::courier_status now = each->status();
        if (now.waiting > 0 && !now.trouble.empty())
            out += (out.empty() ? "" : "; ") + now.name + ": " + now.trouble;
    }
    return out;
}

asio::awaitable<server_response> api::get_reports(http_request)
{
    co_return to_response(report::to_json(with_.outbox, why_waiting()));
}

asio::awaitable<server_response> api::post_install(http_request asked)
{
    auto what = read_order(asked.body);
    if (what && what->customer_uid.empty())
        what->customer_uid = with_.provisioner.now().customer_uid;
    if (what && what->customer_uid.empty())
        what = usage("customerUid is needed: no customer is configured");
    if (!what)
        co_return to_problem(what.error());
    auto taken = with_.provisioner.order(std::move(*what));
    if (!taken)
        with_.log.error(words_of(taken.error()));
    co_return to_response(status(), 202);
}

asio::awaitable<server_response> api::post_confirmation_code(http_request asked)
{
    auto given = read_order(asked.body);
    if (!given)
        co_return to_problem(given.error());
    if (given->confirmation_code.empty())
        co_return to_problem(usage("the body is {\"confirmationCode\": \"...\"}"));
    if (!with_.provisioner.awaits_confirmation())
        co_return to_problem(usage("no installation waits for a confirmation code"), 409);
    auto taken = with_.provisioner.confirm(std::move(given->confirmation_code));
    if (!taken)
        with_.log.error(words_of(taken.error()));
    co_return to_response(status(), 202);
}

asio::awaitable<server_response> api::get_log(http_request)
{
    json::array lines;
    for (const std::string& each : with_.log.recent())
        lines.emplace_back(each);
    json::object out;
    out["lines"] = std::move(lines);
    co_return to_response(out);
}

task<json::object> api::change(iccid which, esim::profile_change what, bool holds)
{
    // What somebody wants is remembered before it is done, or the daemon would undo it.
    bool is_new = holds && !with_.provisioner.holds_ours();
    std::function<void()> hold = [this, is_new] {
        if (is_new)
            with_.provisioner.hold_ours();
    };
    auto done = co_await with_.card->change(std::move(which), what, std::move(hold));
    bool was_in_vain = !done && is_new;
    if (was_in_vain)
        with_.provisioner.unhold(with_.provisioner.now().iccid);
    co_return done;
}

asio::awaitable<server_response> api::change_profile(http_request asked, esim::profile_change what)
{
    if (with_.card == nullptr)
        co_return to_problem(no_card());
    auto which = iccid::parse(asked.parts.front());
    if (!which)
        co_return to_problem(usage("an ICCID is 18 to 22 digits"));
    bool is_ours = *which == with_.provisioner.now().iccid;
    bool enables = what == esim::profile_change::enable;
    bool holds = enables ? !is_ours : is_ours;  // another one instead, or ours no more
    auto done = co_await change(*which, what, holds);
    bool frees = done && enables && is_ours;
    if (frees)
        with_.provisioner.unhold(*which);
    with_.provisioner.look_again();  // it may have looked before the change
    co_return to_response(done);
}

asio::awaitable<server_response> api::enable_profile(http_request asked)
{
    return change_profile(std::move(asked), esim::profile_change::enable);
}

asio::awaitable<server_response> api::disable_profile(http_request asked)
{
    return change_profile(std::move(asked), esim::profile_change::disable);
}

asio::awaitable<server_response> api::delete_profile(http_request asked)
{
    return change_profile(std::move(asked), esim::profile_change::remove);
}

asio::awaitable<server_response> api::post_notifications(http_request)
{
    if (with_.card == nullptr)
        co_return to_problem(no_card());
    auto done = co_await with_.card->send_notifications();
    with_.provisioner.look_again();
    co_return to_response(done);
}

asio::awaitable<server_response> api::post_reports(http_request)
{
    with_.outbox.try_all_again();
    for (report::courier* each : with_.couriers)
        each->hurry();
    co_return to_response(report::to_json(with_.outbox, why_waiting()), 202);
}

asio::awaitable<server_response> api::post_reload(http_request)
{
    auto done = with_.reload();
    if (!done)
        co_return to_problem(done.error());
    co_return to_response({{"reloading", true}}, 202);
}

/// Lends the card to whoever asks, for as long as the connection stays open.
asio::awaitable<server_response> api::post_card(http_request)
{
    constexpr std::chrono::seconds patience{15};
    auto lease = co_await with_.gate.take("borrowed by a command", patience);
    if (!lease)
        co_return to_problem(lease.error());
    std::shared_ptr<esim::card_gate::lease> kept = std::move(*lease);
    server_response out = to_response({{"lent", true}});
    // The lease lives as long as this function object does.
    out.stream = [this, kept](net::stream_writer& to) { return lend(to); };
    co_return out;
}

asio::awaitable<void> api::lend(net::stream_writer& to)
{
    co_await to.closed();
    with_.provisioner.was_lent();
}

}  // namespace agent::control
