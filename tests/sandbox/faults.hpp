#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

/// What goes wrong, and where it can: on the way of an HTTP answer, in what the SM-DP+ says, at
/// the modem or reader, or in the card.
enum class fault_kind {
    slow,        // HTTP: answers after a minute
    drip,        // a byte of the answer every 100 ms
    cut,         // half the body, then the connection is gone
    empty,       // 200 without a body
    html,        // 200 with a captive portal's login page
    wrong_json,  // 200 with JSON of another shape
    not_json,    // 200 with something that is no JSON
    huge,        // 200 with a body that does not end
    once_401,    // 401, once
    too_many,    // 429 with Retry-After: 1
    internal,    // 500
    busy,        // 503
    redirect,    // 302 to a login page
    drop,        // the connection is closed, nothing is done
    drop_after,  // it is done, and the connection closed without an answer
    die,         // the device loses its power before the request is done (its process is killed)
    die_after,   // the same after it is done, before the answer

    hostile,      // every word in the answer ends in what steers a terminal
    gone,         // 410
    bad_request,  // 400

    bad_signature1,     // SM-DP+: serverSignature1 does not hold
    bad_signature2,     // nor smdpSignature2
    bad_signature3,     // nor that of InitialiseSecureChannel
    wrong_challenge,    // signs another challenge than the card's
    wrong_transaction,  // names another transaction than it signs
    wrong_address,      // signs another address than its own
    unknown_ci,         // chooses an issuer that the card does not have
    bad_mac,            // a block of the package is damaged
    truncated_package,  // its last blocks are missing
    other_iccid,        // the package holds another ICCID than the metadata

    mute,                // modem or reader: no answer any more
    cme_error,           // +CME ERROR: 13
    removed,             // the card is taken out
    power_cut,           // device and card lose their power
    status_6f00,         // the card answers 6F00
    short_lc,            // the path takes no more than 120 octets of data
    no_memory,           // card: full, in the middle of loading
    cat_busy,            // busy with the modem
    bad_card_signature,  // euiccSignature1 does not hold

    not_registered,  // modem: it searches and finds no network
    denied,          // no network lets it in
};

/// One fault, written NAME[+SKIP][*COUNT][@PART]: from the requests or APDUs whose path holds
/// PART the first SKIP are spared, then COUNT are struck (default: all). Each name has a PART of
/// its own: /gigastore for HTTP, /es9plus for the SM-DP+, /card for the rest.
struct fault {
    fault_kind kind = fault_kind::slow;
    int skip = 0;
    int left = -1;  // -1 is for ever
    std::string part{};
};

/// Nothing if `text` names no fault.
std::optional<fault> parse_fault(std::string_view text);
/// The names that parse_fault() takes, with commas.
std::string fault_names();

/// What no terminal should get: a title (OSC), colours (CSI, C1), a carriage return, text that runs
/// the other way, what cannot be seen, a line that is none.
constexpr std::string_view steering = "\x1b]0;owned\x07\x1b[31m\xc2\x9b"
                                      "32m\rX\n"
                                      "\xe2\x80\xae"
                                      "evil\xe2\x80\x8b\xe2\x80\xa8\xef\xbb\xbf";

/// The faults that are switched on.
class faults {
public:
    void add(fault one) { active_.push_back(std::move(one)); }
    void clear() { active_.clear(); }
    bool has(fault_kind kind) const;
    /// The fault of an HTTP exchange for this request, if any; counts it.
    std::optional<fault_kind> take(std::string_view target);
    /// True if this fault strikes this path; counts it.
    bool strike(fault_kind kind, std::string_view path);

    /// What takes the power from the device: it kills the process that has the card.
    void set_device(std::function<void()> killer) { kill_device_ = std::move(killer); }
    void kill_device() const
    {
        if (kill_device_)
            kill_device_();
    }

private:
    std::vector<fault> active_;
    std::function<void()> kill_device_;
};

}  // namespace sandbox
