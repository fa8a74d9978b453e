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

failure not_known_yet(const std::string& what)
{
    return {net::errc::unreachable, what + " is not known yet: Gigastore was not reached so far"};
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
    {"POST", "/v1/kiosk/sales", &api::post_sale},
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

asio::awaitable<server_response> api::get_log(http_request)
{
    json::array lines;
    for (const std::string& each : with_.log.recent())
        lines.emplace_back(each);
    json::object out;
    out["lines"] = std::move(lines);
    co_return to_response(out);
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

}  // namespace agent::control
