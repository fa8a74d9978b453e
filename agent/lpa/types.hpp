#pragma once

#include "agent/base/iccid.hpp"
#include "platform/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace agent::lpa {

using platform::byte_view;
using platform::bytes;

// SGP.22's objects, as far as an LPA acts on them or shows them. Text in them comes from a card or
// a server: printable() before it is shown.

enum class profile_state { disabled, enabled };
enum class profile_class { test, provisioning, operational, unknown };

/// Policy rules of a profile (PprIds; SGP.22, 2.9.1).
struct policy_rules {
    bool forbids_disable = false;  // PPR1
    bool forbids_delete = false;   // PPR2

    bool any() const { return forbids_disable || forbids_delete; }
    friend bool operator==(const policy_rules&, const policy_rules&) = default;
};

/// A profile on the card (ProfileInfo; 5.7.15).
struct profile {
    agent::iccid iccid{};
    bytes isdp_aid{};
    profile_state state = profile_state::disabled;
    std::string nickname{};
    std::string service_provider{};
    std::string name{};
    profile_class kind = profile_class::unknown;
    policy_rules rules{};
    bool is_odd = false;  // it cannot be named: without an ICCID
};

/// An operator, or in a rule some of them (OperatorId; SGP.22, 2.9.2.2 and annex H).
struct operator_id {
    bytes mcc_mnc{};  // three octets, or none; in a rule E is any digit
    bytes gid1{};     // the group identifiers of the profile's EFs; none: of no group
    bytes gid2{};

    friend bool operator==(const operator_id&, const operator_id&) = default;
};

/// What the SM-DP+ says about the profile before it is loaded (StoreMetadataRequest; 5.5.3).
struct profile_metadata {
    agent::iccid iccid{};
    std::string service_provider{};
    std::string name{};
    profile_class kind = profile_class::operational;
    policy_rules rules{};
    operator_id owner{};
};

/// The radio technologies that this device has, which an SM-DP+ may ask for before it gives a
/// profile (DeviceCapabilities; 4.2).
struct device_capabilities {
    bool gsm = true;
    bool umts = true;
    bool lte = true;
    bool nr = false;

    friend bool operator==(const device_capabilities&, const device_capabilities&) = default;
};

/// What the eUICC says about itself (EUICCInfo1 and EUICCInfo2; 5.7.8).
struct euicc_info {
    std::string svn{};              // SGP.22 version, "2.3.0"
    std::string profile_version{};  // of the interoperable profile format
    std::string firmware{};
    std::optional<std::uint64_t> free_memory{};  // octets of non-volatile memory
    std::vector<bytes> verification_keys{};      // CI key ids it accepts servers of
    std::vector<bytes> signing_keys{};           // CI key ids it can sign for
    std::string accreditation{};                 // SAS
    bytes whole{};                               // as the card gave it: servers want it so
};

/// Where the eUICC would ask by itself (5.7.3).
struct configured_addresses {
    std::string default_smdp{};
    std::string root_smds{};
};

/// One rule of the rules authorisation table (5.7.22; 2.9.2).
struct authorisation_rule {
    policy_rules rules{};
    std::vector<operator_id> operators{};  // without a group identifier: of any group
    bool needs_consent = true;
};

enum class operation { install, enable, disable, remove, other };

/// What a notification is about (NotificationMetadata; 5.7.9).
struct notification {
    std::uint64_t sequence = 0;
    operation what = operation::other;
    std::string address{};  // the server that wants it
    agent::iccid iccid{};   // none if the card gave none
    bool is_odd = false;    // it cannot be asked for: without a number
};

/// A notification as the server gets it.
struct pending_notification {
    notification about{};
    bytes whole{};
};

/// What came of loading a package (ProfileInstallationResult; 2.5.6).
struct installation_result {
    bytes transaction_id{};
    notification about{};
    bool is_installed = false;
    bytes isdp_aid{};  // where it is
    int command = 0;   // BppCommandId and ErrorReason, if it is not
    int reason = 0;
    bytes whole{};  // as its server gets it
};

}  // namespace agent::lpa
