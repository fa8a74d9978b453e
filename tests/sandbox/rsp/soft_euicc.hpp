#pragma once

#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/rsp/test_pki.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sandbox::rsp {

/// A status word that is an error: how a card refuses a command.
struct refused {
    unsigned status = 0x6a80;
};

struct soft_euicc_settings {
    int number = 0;  // which of the PKI's eUICCs this is
    std::string state_file{};
    std::uint64_t memory = 512 * 1024;
};

/// An eUICC in software: ES10 (SGP.22, 5.7) with everything checked that a real one checks.
/// Profiles and notifications are in a file; a session is lost with the power.
class soft_euicc {
public:
    /// Has a certificate of each of the issuers.
    soft_euicc(const std::vector<test_pki>& issuers, soft_euicc_settings settings, faults& active);

    /// One ES10 command and its answer; throws refused.
    bytes command(byte_view data);
    /// What a reset ends: the session, and a profile that is half loaded.
    void reset();
    /// True once after a command that resets the card through the modem (REFRESH).
    bool takes_reset() { return std::exchange(wants_reset_, false); }
    /// Ten octets in hexadecimal digits; empty if no profile is enabled.
    std::string enabled_iccid() const;
    /// Begins anew: no profiles, no notifications.
    void erase();

private:
    struct issuer {
        certificate ci;
        certificate eum;
        certificate own;
    };

    struct session {
        bytes challenge{};
        bytes transaction_id{};
        bytes server_address{};
        const issuer* chosen = nullptr;
        bytes signature1{};  // as 5F37
        bytes smdp_oid{};
        std::optional<certificate> binding{};
        std::optional<key_pair> one_time{};
        bytes one_time_point{};  // as 5F49
    };

    /// A package that is being loaded.
    struct loading {
        std::optional<bsp> keys{};
        std::uint32_t sequence = 0;  // A1 or A3, whose blocks come now
        std::size_t left = 0;        // octets of it
        bytes metadata{};
        bytes profile{};
        std::string iccid{};  // ten octets in hexadecimal digits, once known
    };

    /// Ends loading with an error result (BppCommandId, ErrorReason).
    struct failed {
        int command;
        int reason;
    };

    bytes eid(const tlv& asked) const;
    bytes info1() const;
    bytes info2() const;
    bytes addresses() const;
    /// A word of the card's, perhaps a hostile one.
    std::string said(std::string word) const;
    bytes rules() const;
    bytes key_ids() const;
    std::uint64_t free_memory() const;

    bytes profiles() const;
    bytes set_enabled(const tlv& asked, bool enable);
    bytes remove(const tlv& asked);
    bytes rename(const tlv& asked);
    boost::json::object* find(const tlv& identifier);

    bytes notifications() const;
    bytes retrieve(const tlv& asked) const;
    bytes forget(const tlv& asked);
    void notify(const boost::json::object& profile, int operation);
    bytes next_notification(const std::string& iccid, int operation, byte_view address);

    bytes new_challenge();
    bytes authenticate(const tlv& asked);
    bytes prepare(const tlv& asked);
    bytes cancel(const tlv& asked);
    bytes load(byte_view data);
    bytes load_step(byte_view data);
    void begin_loading(byte_view data);
    void take_metadata();
    bytes install();
    bytes installation_result(const bytes& outcome);

    void save() const;

    std::vector<issuer> issuers_;
    soft_euicc_settings settings_;
    faults& faults_;
    boost::json::object state_;
    std::optional<session> session_;
    std::optional<loading> loading_;
    bool wants_reset_ = false;
};

}  // namespace sandbox::rsp
