#pragma once

#include "tests/sandbox/rsp/soft_euicc.hpp"

#include <chrono>
#include <map>
#include <string>

namespace sandbox::rsp {

/// The soft eUICC as an APDU interface shows it (ISO 7816-4, ETSI TS 102 221): logical channels,
/// SELECT, STORE DATA in blocks, answers behind 61xx as T=0 has them.
class card {
public:
    card(soft_euicc& chip, faults& active, bytes aid);

    /// One command APDU and its answer. Empty: the card does not answer (it has no power, or
    /// is out). Counts.
    bytes transmit(byte_view apdu);
    /// A reset: channels and the session are gone.
    void reset();
    /// The ICCID of the profile that is enabled, as EF-ICCID has it; empty if there is none.
    std::string enabled_iccid() const { return chip_.enabled_iccid(); }
    int count() const { return count_; }
    void count_anew() { count_ = 0; }

    /// "/card/E2/BF38": what the APDU before was about, for faults at modem or reader.
    const std::string& last_path() const { return path_; }

    std::chrono::milliseconds delay{0};  // that each APDU takes; whoever carries it waits
    bool is_in_reader = true;            // a card that was removed stays out until it is put back

private:
    bytes answer(byte_view apdu);
    bytes manage_channel(std::uint8_t p1, std::uint8_t p2);
    bytes select(int channel, byte_view aid);
    bytes store_data(std::uint8_t p1, std::uint8_t p2, byte_view data);
    bytes pending_status() const;

    soft_euicc& chip_;
    faults& faults_;
    bytes aid_;
    std::map<int, bool> channels_;  // open ones, and whether the ISD-R is selected there
    bytes collected_;               // of a command in blocks
    bytes pending_;                 // of an answer that waits for GET RESPONSE
    std::string path_ = "/card";
    int count_ = 0;
    bool resets_soon_ = false;  // the modem acts on REFRESH once it has the answer
};

}  // namespace sandbox::rsp
