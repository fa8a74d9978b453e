#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/esim/fetch_order.hpp"
#include "agent/gigastore/client.hpp"
#include "agent/link/link_page.hpp"
#include "agent/link/link_store.hpp"
#include "agent/link/recent_customers.hpp"
#include "agent/net/http_server.hpp"
#include "agent/report/outbox.hpp"
#include "agent/web/attempts.hpp"
#include "agent/web/listen.hpp"
#include "platform/log.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <string>

namespace agent::link {

struct site_settings {
    web::place at{};
    bool is_behind_proxy = false;  // on this device: it says who asks (X-Forwarded-For)
    std::string url{};             // where the world finds it: "https://esim.example"
    std::string title{};
    const web::brand* look = &web::plain_brand();  // outlives the site
    std::string support{};
    std::chrono::hours code_lasts{72};
    std::chrono::days page_lasts{90};
    std::string state_directory{};
};

/// What the site works with; all outlive it.
struct site_parts {
    gigastore::client& api;
    report::outbox& outbox;
    platform::logger& log;
};

/// A link that was made, with its address, which only whoever gets it may know.
struct given_link {
    std::string id{};
    platform::secret url{};
};

/// The public pages of links (/i/TOKEN): the code with the button that installs it, and afterwards
/// what is left of the data. Whoever has no link learns nothing, and whoever guesses is slowed
/// down.
class link_site {
public:
    link_site(asio::any_io_executor executor, site_parts with, site_settings settings);

    /// Fails if the links cannot be read, the address not be had, or a file not be read.
    result<void> open();
    /// Serves until it is cancelled.
    asio::awaitable<void> run() { return server_.run(); }

    /// Gives away a link for an eSIM. Fails as link_store::add() does.
    result<given_link> give(const esim::order& what);
    /// The same for a customer, whom it asks Gigastore about. Fails as fetch_order() does.
    task<given_link> give_to(std::string customer_uid, std::string named);
    link_store& links() { return links_; }
    /// {"links": [...]}, without addresses.
    boost::json::object to_json() const;

    asio::awaitable<net::server_response> answer(net::http_request asked);

private:
    std::string visitor_of(const net::http_request& asked) const;
    page_view view_for(const net::http_request& asked) const;
    net::server_response page(
        const net::http_request& asked, const page_view& view, unsigned status) const;
    net::server_response turn_away(const net::http_request& asked);
    void note(customer_link one, const page_view& view);
    void report(const customer_link& one, const std::string& imsi, report::stage stage);
    asio::awaitable<net::server_response> get_page(net::http_request asked);

    site_parts with_;
    site_settings settings_;
    link_store links_;
    web::visitors attempts_;
    recent_customers customers_;
    net::http_server server_;
};

/// {"id", "customerUid", "iccid", "createdAt", "codeUntil", "pageUntil", "openedAt"}
boost::json::object to_json(const customer_link& one);

}  // namespace agent::link
