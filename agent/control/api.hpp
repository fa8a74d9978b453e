#pragma once

#include "agent/control/card_requests.hpp"
#include "agent/net/event_feed.hpp"
#include "agent/net/http_server.hpp"
#include "agent/net/router.hpp"
#include "agent/provision/provisioner.hpp"
#include "agent/report/courier.hpp"
#include "agent/report/outbox.hpp"
#include "qr/matrix.hpp"
#ifdef ESIM_AGENT_KIOSK
#include "agent/kiosk/kiosk.hpp"
#include "agent/link/link_site.hpp"
#include "agent/sale/till.hpp"
#endif

#include <functional>
#include <string>
#include <vector>

namespace agent::control {

/// What the local API speaks for; all outlive it. `card` may be null.
struct api_parts {
    provision::provisioner& provisioner;
    gigastore::client& gigastore;
    card_requests* card = nullptr;
    esim::card_gate& gate;
    report::outbox& outbox;
    std::vector<report::courier*> couriers{};
    net::event_feed& events;
#ifdef ESIM_AGENT_KIOSK
    kiosk::kiosk* kiosk = nullptr;     // null: there is none
    link::link_site* links = nullptr;  // the same
    sale::till* till = nullptr;        // null: it sells nothing
#endif
    std::function<result<void>()> reload{};
    platform::logger& log;
};

/// The local API's routes (agent/control/openapi.json). Errors are application/problem+json
/// (RFC 9457); nothing that it answers holds a code, but the QR itself.
class api {
public:
    explicit api(api_parts with) : with_(std::move(with)) {}

    asio::awaitable<net::server_response> answer(net::http_request asked);

    /// What `GET /v1/status` gives.
    boost::json::object status() const;

private:
    using handler = asio::awaitable<net::server_response> (api::*)(net::http_request);
    static const net::endpoint<handler> endpoints[];

    asio::awaitable<net::server_response> get_status(net::http_request asked);
    asio::awaitable<net::server_response> get_customer(net::http_request asked);
    asio::awaitable<net::server_response> get_profiles(net::http_request asked);
    asio::awaitable<net::server_response> get_events(net::http_request asked);
    asio::awaitable<net::server_response> get_qr_svg(net::http_request asked);
    asio::awaitable<net::server_response> get_qr_png(net::http_request asked);
    /// That of the present eSIM.
    task<qr::matrix> present_qr();
    asio::awaitable<net::server_response> get_metrics(net::http_request asked);
    std::string why_waiting() const;
    asio::awaitable<net::server_response> get_reports(net::http_request asked);
    asio::awaitable<net::server_response> get_log(net::http_request asked);
    asio::awaitable<net::server_response> post_install(net::http_request asked);
    asio::awaitable<net::server_response> post_confirmation_code(net::http_request asked);
    /// `holds`: our profile stays as it is then, until it is enabled or ordered again.
    task<boost::json::object> change(iccid which, esim::profile_change what, bool holds);
    asio::awaitable<net::server_response> change_profile(
        net::http_request asked, esim::profile_change what);
    asio::awaitable<net::server_response> enable_profile(net::http_request asked);
    asio::awaitable<net::server_response> disable_profile(net::http_request asked);
    asio::awaitable<net::server_response> delete_profile(net::http_request asked);
    asio::awaitable<net::server_response> post_notifications(net::http_request asked);
    asio::awaitable<net::server_response> post_reports(net::http_request asked);
    asio::awaitable<net::server_response> post_reload(net::http_request asked);
#ifdef ESIM_AGENT_KIOSK
    asio::awaitable<net::server_response> get_sessions(net::http_request asked);
    asio::awaitable<net::server_response> post_session(net::http_request asked);
    asio::awaitable<net::server_response> post_sale(net::http_request asked);
    /// Shows the eSIM that came with a sale; what cannot be shown is said in `out`.
    asio::awaitable<void> show_sold(
        const sale::sold& what, kiosk::session_order order, boost::json::object& out);
    asio::awaitable<net::server_response> get_session(net::http_request asked);
    asio::awaitable<net::server_response> delete_session(net::http_request asked);
    asio::awaitable<net::server_response> get_links(net::http_request asked);
    asio::awaitable<net::server_response> post_link(net::http_request asked);
    asio::awaitable<net::server_response> delete_links(net::http_request asked);
    asio::awaitable<net::server_response> delete_link(net::http_request asked);
#endif
    asio::awaitable<net::server_response> post_card(net::http_request asked);
    asio::awaitable<void> lend(net::stream_writer& to);

    api_parts with_;
};

}  // namespace agent::control
