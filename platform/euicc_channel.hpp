#pragma once

#include "platform/bytes.hpp"
#include "platform/result.hpp"

#include <boost/system/is_error_code_enum.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace platform {

/// Why there is no talking to the eUICC, each value named for what the caller does about it.
enum class channel_errc {
    busy = 1,          // another program holds the modem or reader: wait for it
    no_device,         // no such modem or reader, or no access to it
    silent,            // no answer within the limit: reset the modem
    refused,           // the modem answers ERROR
    no_application,    // no application of that name on the card: try the next one
    no_euicc,          // none of the ISD-R names is on the card: not an eUICC, or no access to it
    card_gone,         // the card was removed or reset in the middle: begin again
    malformed_answer,  // not what the interface promises
    card_refused,      // the card answers with an error status word
    no_sim,            // the modem has no card
    sim_busy,          // the modem still reads its card: wait for it
    sim_pin,           // the card wants a PIN first
    sim_puk,           // the PIN was wrong too often
    forbidden,         // ModemManager has the modem, and does not let this user control it
};

const error_room& channel_category() noexcept;

inline boost::system::error_code make_error_code(channel_errc e) noexcept
{
    return {static_cast<int>(e), channel_category()};
}

/// The ways to a card that there are; none: this device has no card to use.
enum class channel_kind { none, at, pcsc, socket, qmi, mbim, automatic };

/// Their names, as the configuration has them.
constexpr std::array channel_names{"", "at", "pcsc", "socket", "qmi", "mbim", "auto"};

inline const char* name_of(channel_kind kind)
{
    return channel_names[static_cast<std::size_t>(kind)];
}

/// The limit on one APDU; one that makes the card sign or write may take longer, the last segments
/// of a profile much longer.
constexpr std::chrono::milliseconds usual_apdu_limit{10'000};
constexpr std::chrono::milliseconds working_apdu_limit{30'000};
constexpr std::chrono::milliseconds long_apdu_limit{240'000};

/// How long a SIM that says 'busy' is waited for; it starts up, or another program uses it.
constexpr std::chrono::milliseconds sim_patience{30'000};
/// The limit on asking a modem for its IMEI: nothing depends on it.
constexpr std::chrono::milliseconds identity_limit{4'000};

/// The way to a card on this device: one implementation for each kind of modem or reader.
/// Every call has a limit and can be cancelled; all fail with a channel_errc.
class euicc_channel {
public:
    euicc_channel() = default;
    virtual ~euicc_channel() = default;
    euicc_channel(const euicc_channel&) = delete;
    euicc_channel& operator=(const euicc_channel&) = delete;

    /// Takes the modem or reader for this process alone and makes it ready. Fails with
    /// channel_errc::busy, and who holds it, if another program has it.
    virtual task<void> acquire() = 0;
    /// Opens a logical channel and selects the application `aid` on it, closing stale channels
    /// first if there is no other (ETSI TS 102 221, 11.1.17 and 11.1.1).
    virtual task<void> open(bytes aid) = 0;
    /// Sends one APDU on that channel and gives the answer, status word and all. The channel
    /// sets the class byte's channel number.
    virtual task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) = 0;
    /// Closes the logical channel, if one is open.
    virtual task<void> close() = 0;
    /// Gives the modem or reader free at once; acquire() may follow.
    virtual void release() = 0;

    /// Does what makes some cards show their ISD-R (TERMINAL CAPABILITY, ETSI TS 102 221,
    /// 11.1.19); true if it was done now, and open() is worth another try.
    virtual task<bool> announce_terminal() { co_return false; }

    /// Called with what somebody should know who looks for a fault.
    void on_word(std::function<void(const std::string&)> call) { say_ = std::move(call); }

    /// The modem's IMEI, 15 digits; empty if there is none.
    virtual task<std::string> imei() = 0;
    /// True if a modem stands behind the card: it acts on the card's REFRESH (ETSI TS 102 223).
    virtual bool has_modem() const = 0;

protected:
    void say(const std::string& words) const { say_(words); }

private:
    std::function<void(const std::string&)> say_ = [](const std::string&) {};
};

/// Selects the first of these applications that the card knows, and gives its name; cards that show
/// theirs to a terminal alone that announces itself are asked twice. None is no_euicc.
task<bytes> select_application(euicc_channel& on, std::vector<bytes> names);

}  // namespace platform

template <>
struct boost::system::is_error_code_enum<platform::channel_errc> : std::true_type {
};
