#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/lpa/es10.hpp"
#include "agent/lpa/types.hpp"
#include "platform/isd_r.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace agent::lpa {

/// How long to wait where a card or modem needs time, and who this device is.
struct euicc_settings {
    std::string imei{};  // where the channel tells none
    device_capabilities capabilities{};
    std::chrono::milliseconds busy_pause{1'000};  // before asking a busy card again
    int busy_attempts = 3;
    std::chrono::milliseconds refresh_pause{1'000};   // the longest before looking at it again
    std::chrono::milliseconds refresh_limit{30'000};  // for the new state to show behind a modem
    std::chrono::milliseconds reader_limit{3'000};    // and in a reader, which knows no REFRESH
    std::optional<bool> refresh{};  // whether the card is asked for one; none: as fits, then not
};

/// The eUICC of this device: ES10 (SGP.22, 5.7), one call each. All fail with a
/// platform::channel_errc if the card cannot be reached, or with an lpa::errc if it refuses.
class euicc {
public:
    euicc(platform::isd_r& card, platform::logger& log, euicc_settings settings = {});

    /// Takes the card for this process; close() gives it free.
    task<void> open();
    task<void> close();

    task<std::string> eid();
    task<euicc_info> basic_info();  // EUICCInfo1: versions and issuers; read once while it is open
    task<euicc_info> info();        // EUICCInfo2: all
    task<configured_addresses> addresses();
    task<std::vector<authorisation_rule>> rules_authorisation_table();

    task<std::vector<profile>> profiles();
    /// Enables a profile, and disables the one that was enabled. Asks again while the card is
    /// busy; returns once the card, reset by that, says that it is enabled.
    task<void> enable(iccid which);
    task<void> disable(iccid which);
    task<void> remove(iccid which);
    task<void> rename(iccid which, std::string nickname);

    /// What waits for its server, in the order of its sequence numbers.
    task<std::vector<notification>> notifications();
    task<pending_notification> retrieve(std::uint64_t sequence);
    /// Forgets a notification, after its server has accepted it or the user gave it up.
    task<void> forget(std::uint64_t sequence);

    // The steps of a download; agent/lpa/download.cpp puts them in order.
    task<bytes> challenge();
    /// The card's answer, if it accepted the server; its reason as a failure, if not.
    task<bytes> authenticate(server_authentication server, platform::secret matching_id);
    task<bytes> prepare(download_offer offer, bytes hashed_code);
    /// The signed cancellation, for the SM-DP+.
    task<bytes> cancel(bytes transaction_id, cancel_reason reason);
    /// The octets of the longest command that goes through in the segments of now.
    std::size_t longest_command() const { return 256 * card_.segment_size(); }
    /// One segment of a package; the answer, which may be the final result.
    task<bytes> load(bytes segment, std::chrono::milliseconds limit);

    platform::isd_r& card() { return card_; }

private:
    /// Sends a command that only answers with a code, under `tag`.
    task<int> ask_code(bytes command, std::uint32_t tag);
    task<void> set_state(iccid which, bool is_enabled);
    task<void> await_state(iccid which, profile_state wanted, bool with_refresh);
    /// One form of EnableProfile or DisableProfile: by ICCID, unless it has an AID.
    struct change_form {
        bytes isdp_aid{};
        bool refresh = false;
    };
    task<std::vector<change_form>> forms_for(iccid which);
    task<int> change(iccid which, bool is_enabled, change_form form);
    task<std::optional<profile_state>> state_of(iccid which);

    platform::isd_r& card_;
    platform::logger& log_;
    euicc_settings settings_;
    bool takes_list_ = true;  // GetProfilesInfo with a list of tags
    std::optional<euicc_info> basic_info_{};
};

}  // namespace agent::lpa
