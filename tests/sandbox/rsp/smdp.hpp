#pragma once

#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/http.hpp"
#include "tests/sandbox/rsp/orders.hpp"
#include "tests/sandbox/rsp/test_pki.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace sandbox::rsp {

/// An SM-DP+: the five ES9+ functions an LPA calls (SGP.22, 5.6), with every signature, challenge
/// and certificate checked, and the package really protected.
class smdp {
public:
    /// `installed` is told an ICCID and the state that a notification gives it.
    smdp(const test_pki& issuer, std::string address, orders& known, faults& active,
        std::function<void(const std::string&, const std::string&)> installed);

    response operator()(const request& asked);
    const std::string& address() const { return address_; }
    /// How many times each function was called.
    boost::json::object counts() const;

private:
    struct session {
        bytes transaction_id{};
        bytes challenge{};
        std::string matching_id{};
        std::string eid{};
        std::optional<certificate> card{};
        bytes card_signature1{};  // as 5F37
        bytes own_signature2{};   // as 5F37
        bytes metadata{};
        bool is_bound = false;
    };

    boost::json::object initiate_authentication(const boost::json::object& asked);
    boost::json::object authenticate_client(const boost::json::object& asked);
    boost::json::object get_bound_profile_package(const boost::json::object& asked);
    boost::json::object cancel_session(const boost::json::object& asked);
    void handle_notification(const boost::json::object& asked);
    void take_result(const tlv& result);

    session& session_of(const boost::json::object& asked);
    void check_card(session& now, const tlv& answer);
    order check_order(const session& now);
    bytes metadata_of(const order& wanted) const;
    bytes bind(const session& now, const order& wanted, byte_view card_point);
    bool strikes(fault_kind kind, const char* function);

    const test_pki& issuer_;
    std::string address_;
    orders& orders_;
    faults& faults_;
    std::function<void(const std::string&, const std::string&)> installed_;
    std::map<std::string, session> sessions_;
    std::map<std::string, certificate> cards_;    // by transaction, for results
    std::map<std::string, std::string> results_;  // transaction -> matching ID
    std::map<std::string, int> counts_;
};

}  // namespace sandbox::rsp
