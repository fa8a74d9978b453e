#pragma once

#include "agent/control/card_requests.hpp"
#include "agent/control/feed.hpp"
#include "agent/net/local_http.hpp"
#include "agent/provision/provisioner.hpp"
#include "agent/report/courier.hpp"
#include "agent/report/outbox.hpp"

#include <functional>
#include <string>
#include <vector>

namespace agent::control {

/// What the local API speaks for; all outlive it. `card` may be null.
struct api_parts {
    provision::provisioner& provisioner;
    card_requests* card = nullptr;
    provision::card_gate& gate;
    report::outbox& outbox;
    std::vector<report::courier*> couriers{};
    feed& events;
    std::function<result<void>()> reload{};
    platform::logger& log;
};

/// The local API's routes (agent/control/openapi.json). Errors are application/problem+json
/// (RFC 9457); nothing that it answers holds a code, but the QR itself.
class api {
public:
    explicit api(api_parts with) : with_(std::move(with)) {}

    asio::awaitable<net::local_response> answer(net::local_request asked);

    /// What `GET /v1/status` gives.
    boost::json::object status() const;

private:
    using handler = asio::awaitable<net::local_response> (api::*)(net::local_request);
    struct route;
    static const route routes[];

    asio::awaitable<net::local_response> get_status(net::local_request asked);
    asio::awaitable<net::local_response> get_customer(net::local_request asked);
    asio::awaitable<net::local_response> get_profiles(net::local_request asked);
    asio::awaitable<net::local_response> get_events(net::local_request asked);
    asio::awaitable<net::local_response> get_qr(net::local_request asked);
    asio::awaitable<net::local_response> get_metrics(net::local_request asked);
    asio::awaitable<net::local_response> get_reports(net::local_request asked);
    asio::awaitable<net::local_response> post_install(net::local_request asked);
    asio::awaitable<net::local_response> post_confirmation_code(net::local_request asked);
    /// `holds`: our profile stays as it is then, until it is enabled or ordered again.
    task<boost::json::object> change(std::string iccid, profile_change what, bool holds);
    asio::awaitable<net::local_response> post_profile(net::local_request asked);
    asio::awaitable<net::local_response> delete_profile(net::local_request asked);
    asio::awaitable<net::local_response> post_notifications(net::local_request asked);
    asio::awaitable<net::local_response> post_reports(net::local_request asked);
    asio::awaitable<net::local_response> post_reload(net::local_request asked);
    asio::awaitable<net::local_response> post_card(net::local_request asked);
    asio::awaitable<void> lend(net::stream_writer& to);

    api_parts with_;
};

/// A failure as an answer: its HTTP status by its class.
net::local_response to_problem(const failure& why);
net::local_response to_problem(const failure& why, unsigned status);

}  // namespace agent::control
