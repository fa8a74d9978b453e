#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/lpa/download.hpp"
#include "agent/lpa/notifications.hpp"

#include <functional>
#include <string>
#include <vector>

namespace agent::esim {

/// What is to be installed, and what the open card holds before.
struct install_order {
    activation_code code{};
    std::vector<lpa::profile> on_card{};
};

/// Who manages the profiles of this device's eUICC: the LPA of this program (native_installer), or
/// a program of the integrator's (hook_installer). open() comes first, and close() last. All fail
/// with a platform::channel_errc if the card cannot be reached, or with an lpa::errc if it, or a
/// server, refuses.
class installer {
public:
    installer() = default;
    virtual ~installer() = default;
    installer(const installer&) = delete;
    installer& operator=(const installer&) = delete;

    /// Takes the card for this process; close() gives it free.
    virtual task<void> open() = 0;
    /// The same again, after the card was lost in the middle.
    virtual task<void> reopen() = 0;
    virtual task<void> close() = 0;

    virtual task<std::string> eid() = 0;
    /// 15 digits; empty if nobody knows it.
    virtual task<std::string> imei() = 0;
    virtual task<std::vector<lpa::profile>> profiles() = 0;

    /// As lpa::download(): an outcome that nobody knows is lpa::errc::outcome_unknown.
    virtual task<lpa::download_outcome> install(
        install_order what, lpa::download_dialogue& with) = 0;
    /// Tells the server of an installation whose result is at hand; true if it has been told.
    virtual task<bool> tell_installed(lpa::download_outcome what) = 0;

    virtual task<void> enable(iccid which) = 0;
    virtual task<void> disable(iccid which) = 0;
    virtual task<void> remove(iccid which) = 0;
    virtual task<void> rename(iccid which, std::string nickname) = 0;

    /// What waits for its server; nothing where the installer tells servers by itself.
    virtual task<std::vector<lpa::notification>> notifications() = 0;
    virtual task<void> forget(std::uint64_t sequence) = 0;
    /// As lpa::deliver_notifications().
    virtual task<std::vector<lpa::delivery>> send_notifications(
        std::function<bool(const lpa::notification&)> is_left_out = {}) = 0;
};

/// The eUICC of this device, and what belongs to it.
struct card_access {
    esim::installer* installer = nullptr;  // null: no modem or reader is configured
    lpa::euicc* euicc = nullptr;           // null: others talk with it
    lpa::journal* journal = nullptr;
};

}  // namespace agent::esim
