#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/credentials.hpp"
#include "agent/gigastore/purchase.hpp"
#include "agent/gigastore/types.hpp"
#include "agent/net/http_client.hpp"
#include "agent/net/retry.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace agent::gigastore {

struct client_settings {
    net::url base{};
    credential_files credentials{};
    net::backoff retries{};
    int page_size = 100;
};

enum class search_key { email, uid, iccid };
enum class search_mode { exact, prefix, contains };

struct search {
    search_key key = search_key::email;
    std::string text{};
    search_mode mode = search_mode::exact;
};

/// What `customer update` may change; nothing is left as it is.
struct customer_change {
    std::optional<std::string> email{};
    std::optional<std::string> country_of_residence{};  // ISO 3166-1 alpha-2
};

class client;

/// Customers page after page, so that memory does not grow with their number.
class customer_pages {
public:
    /// The next page; empty after the last. The API tells no total, and may give smaller
    /// pages than asked for: so the end is an empty page, or one that repeats the last.
    task<std::vector<customer>> next();

private:
    friend class client;
    customer_pages(client& api, std::optional<search> query, int page_size)
        : api_(api), query_(std::move(query)), page_size_(page_size)
    {
    }

    client& api_;
    std::optional<search> query_;
    int page_size_;
    int index_ = 0;
    std::string first_uid_;  // of the page before
};

/// The Gigastore reseller API (api.giga.store; paths in brackets).
///
/// All calls fail with a net::errc: not_found, credentials_refused, not_allowed, refused and
/// malformed_answer stand until something is changed; the others may pass, and have been tried
/// again within the retry policy. The failure's detail holds HTTP status and server's words.
class client {
public:
    client(net::http_client& http, client_settings settings, platform::logger& log);

    /// One customer [GET /gigastore/activations/customers/{uid}].
    task<gigastore::customer> customer(std::string uid);
    /// All customers [GET /gigastore/activations/customers]. At most `limit` are asked for at once.
    customer_pages customers(int limit = 0);
    /// Customers by e-mail, uid or ICCID [POST /gigastore/activations/search-customers].
    customer_pages search_customers(search query);
    /// Changes e-mail or residence [PUT /gigastore/activations/customers/{uid}].
    task<void> update_customer(std::string uid, customer_change change);

    /// Sold packages, at most those between two days, "2025-03-02"; empty is no bound
    /// [GET /gigastore/activations/activated-items].
    task<std::vector<gigastore::activated_item>> activated_items(std::string from, std::string to);
    /// One sold package by its purchase id.
    task<gigastore::activated_item> activated_item(std::string uid);
    /// Starts an ON_DEMAND package [POST .../activated-items/{uid}/activate]. Not repeated
    /// blindly: errc::outcome_unknown means that it has to be looked up.
    task<void> activate(std::string item_uid);
    /// Refunds an unused package [POST .../activated-items/{uid}/refund]. As activate().
    task<void> refund(std::string item_uid);

    /// What is for sale [GET /gigastore/products/inventory].
    task<std::vector<gigastore::inventory_item>> inventory();
    /// Buys a package, once [POST /gigastore/activations/register and the like]: an answer that is
    /// lost, or none that tells a sale, is errc::outcome_unknown. `key` is the idempotency-key, at
    /// most 64 characters; what a server does with it is not documented.
    task<gigastore::sale> buy(purchase what, std::string key);

    /// Where and when an eSIM was last on a network; nothing if the API does not know
    /// [GET /gigastore/esim/{iccid}/status/connectivity].
    task<std::optional<gigastore::connectivity>> connectivity(iccid which);

    /// Whose eSIM the device with that EID is to have [GET /esim-agent/assignment, of a gateway of
    /// the fleet's: platform/gateway/README.md]. Nobody's where it does not know (404).
    task<gigastore::assignment> assignment(std::string eid);

private:
    friend class customer_pages;
    /// `attempts`: at most; 0 is as configured.
    task<net::http_response> call(net::http_request request, int attempts = 0);
    task<net::http_response> call_once(
        net::http_request request, platform::secret authorization, int attempts);
    net::http_request get(std::string path) const;
    net::http_request post(std::string path, std::string body = {}) const;

    net::http_client& http_;
    client_settings settings_;
    platform::logger& log_;
    gigastore::credentials credentials_;
};

}  // namespace agent::gigastore
