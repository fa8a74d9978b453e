#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/kiosk/page.hpp"
#include "agent/kiosk/self_service.hpp"
#include "agent/kiosk/session_store.hpp"
#include "agent/kiosk/visit.hpp"
#include "agent/net/http_server.hpp"
#include "agent/net/router.hpp"
#include "agent/print/receipt.hpp"
#include "agent/web/attempts.hpp"
#include "agent/web/listen.hpp"

#include <functional>
#include <optional>
#include <string>

namespace agent::kiosk {

struct kiosk_settings {
    bool has_page = true;  // false: sessions are on a display alone
    web::place at{};
    bool has_one_screen = true;  // only this device can look: the page is the kiosk's screen
    std::string token_file{};  // what a browser must show (RFC 7617, as the password; or RFC 6750)
    std::string language{};    // empty: the browser's
    std::string title{};
    const web::brand* look = &web::plain_brand();  // outlives the kiosk
    std::string wifi_ssid{};  // the visitors' network, and its passphrase; empty: none
    std::string wifi_password_file{};
    bool has_self_service = false;
    bool takes_email = false;  // in self-service
};

/// The kiosk's page, for a browser on this device, or elsewhere under TLS and with a token.
/// Nothing it answers is kept by a browser, and nothing in it comes from elsewhere.
class kiosk {
public:
    kiosk(asio::any_io_executor executor, session_store& sessions, gigastore::client& api,
        kiosk_settings settings, platform::logger& log);

    /// Fails if the address cannot be had, or a file cannot be read.
    result<void> listen();
    /// Serves until it is cancelled.
    asio::awaitable<void> run();
    /// Where the page is: "http://127.0.0.1:8080/"; empty if there is none.
    std::string url() const;
    /// Prints a session's code, with words in this language; there is no button without it.
    using printer = std::function<task<void>(print::receipt what, const language& in)>;
    void on_print(printer call) { print_ = std::move(call); }

    bool has_page() const { return settings_.has_page; }
    session_store& sessions() const { return sessions_; }

    asio::awaitable<net::server_response> answer(net::http_request asked);

private:
    using handler = asio::awaitable<net::server_response> (kiosk::*)(
        visit by, platform::wiped_string body);
    static const net::endpoint<handler> endpoints[];

    const char* scheme() const { return settings_.at.certificate_file.empty() ? "http" : "https"; }
    std::optional<net::server_response> turn_away(const net::http_request& asked) const;
    asio::awaitable<net::server_response> route(net::http_request asked);
    session* session_of(const visit& by);
    void complete(const visit& by, page_view& view) const;
    net::server_response page(const visit& by, page_view view, unsigned status = 200);
    net::server_response show(const visit& by, std::string notice = {});
    net::server_response events(const visit& by);
    asio::awaitable<net::server_response> get_page(visit by, platform::wiped_string body);
    asio::awaitable<net::server_response> get_events(visit by, platform::wiped_string body);
    task<std::string> open_for(std::string reference);
    asio::awaitable<net::server_response> find(visit by, platform::wiped_string body);
    asio::awaitable<net::server_response> print(visit by, platform::wiped_string body);
    asio::awaitable<net::server_response> end(visit by, platform::wiped_string body);
    asio::awaitable<net::server_response> extend(visit by, platform::wiped_string body);
    asio::awaitable<net::server_response> set_online(visit by, bool is_online);
    asio::awaitable<net::server_response> online(visit by, platform::wiped_string body);
    asio::awaitable<net::server_response> offline(visit by, platform::wiped_string body);

    session_store& sessions_;
    gigastore::client& api_;
    kiosk_settings settings_;
    platform::logger& log_;
    platform::secret token_;
    wifi wifi_;
    web::visitors attempts_;
    bool is_printing_ = false;
    printer print_{};
    net::http_server server_;
};

}  // namespace agent::kiosk
