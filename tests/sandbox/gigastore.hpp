#pragma once

#include "tests/sandbox/http.hpp"
#include "tests/sandbox/store.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace sandbox {

struct gigastore_settings {
    std::string client_id{};
    std::string client_secret{};
    std::string device_token{};  // a gateway's token: may read customers, nothing else
    std::chrono::seconds token_life{86'400};
    std::optional<double> credit{};  // what the reseller may spend; none: any amount
    bool forgets_keys = false;       // an idempotency-key means nothing to it
    bool lists_are_bare = false;     // the customers list as a bare array
};

/// A stand-in for the Gigastore reseller API: all endpoints, with the state in a store.
class gigastore {
public:
    gigastore(store& data, gigastore_settings settings)
        : data_(data), settings_(std::move(settings))
    {
    }

    response operator()(const request& asked);

    /// What is known of the connections of an eSIM; empty is nothing.
    void set_seen(const std::string& iccid, std::string country);
    /// Sets the state of an eSIM as its installation or deletion would. False if unknown.
    bool set_state(const std::string& iccid, const std::string& state);

private:
    enum class role { nobody, device, reseller };
    struct route;
    static const route routes[];
    struct item_place {
        record* owner = nullptr;
        std::size_t index = 0;
    };

    role role_of(const request& asked) const;
    response authenticate(const request& asked);
    response version(const request& asked);
    response inventory_list(const request& asked);
    response inventory_one(const request& asked);
    response inventory_change(const request& asked);
    response register_customer(const request& asked);
    response top_up(const request& asked);
    response top_up_with_profile(const request& asked);
    response items(const request& asked);
    response item(const request& asked);
    response activate(const request& asked);
    response refund(const request& asked);
    response customers(const request& asked);
    response customer(const request& asked);
    response customer_change(const request& asked);
    response search(const request& asked);
    response profile_domains(const request& asked);
    response countries(const request& asked);
    response flag(const request& asked);
    response esim_capable(const request& asked);
    response connectivity(const request& asked);

    response sell(const request& asked, bool is_new, bool with_profile);
    response carry_out(const boost::json::object& order, bool is_new, bool with_profile);
    record& new_customer(const boost::json::object& order, const boost::json::object& package);
    item_place find_item(const std::string& uid);
    response page_of(std::vector<const record*> found, int size, int index, bool only_active) const;

    store& data_;
    gigastore_settings settings_;
    std::map<std::string, std::chrono::steady_clock::time_point> tokens_;
    std::map<std::string, boost::json::object> seen_;
};

/// A problem+json answer (RFC 9457), with a field nobody documented.
response problem(unsigned status, const std::string& title, const std::string& detail);

}  // namespace sandbox
