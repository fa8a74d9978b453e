#pragma once

#include "platform/bytes.hpp"
#include "platform/euicc_channel.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platform::at {

/// What a modem said to one command (ITU-T V.250, 5.7; 3GPP TS 27.007, 9.1).
struct reply {
    bool is_ok = false;
    std::string final_line{};           // "OK", "ERROR", "+CME ERROR: 13"
    std::vector<wiped_string> lines{};  // all before it: the answer, and what came unasked

    /// What follows `prefix` ("+CGLA:") in the first line that begins with it, without blanks
    /// around it; nothing if none does.
    std::optional<std::string_view> after(std::string_view prefix) const;
    /// "SIM failure (+CME ERROR: 13)": the final line, with the words of 27.007, 9.2 where it has
    /// only a number.
    std::string refusal() const;
    /// What the SIM is lacking, by that line (27.007, 9.2), as a number or in words; nothing if it
    /// says nothing about that.
    std::optional<channel_errc> sim_trouble() const;
};

/// Puts a reply together from what arrives, in pieces of any size.
class reply_reader {
public:
    /// What is more than this is thrown away: the longest APDU takes a good half of it.
    static constexpr std::size_t longest_reply = 256 * 1024;

    /// Takes more text; gives the reply once its final line is there, and keeps what follows.
    /// `echo` is the command, which modems repeat until they are told not to.
    std::optional<reply> take(std::string_view text, std::string_view echo);
    /// True if a command was ever repeated.
    bool saw_echo() const { return saw_echo_; }

private:
    bool saw_echo_ = false;
    wiped_string rest_;  // behind a final line: of the next reply
    wiped_string line_;
    reply so_far_;
    std::size_t size_ = 0;  // of so_far_
};

/// The session in the answer to AT+CCHO (27.007, 8.45): "+CCHO: 1", or only what follows, as some
/// modems say it. It is echoed as it is: a number, or with some a handle of 16 digits. Empty if
/// there is none.
std::string session_in(const reply& answer);

/// The IMEI in the answer to AT+CGSN (27.007, 5.4), bare, or behind "+CGSN:" and in quotation
/// marks; empty if there is none.
std::string imei_in(const reply& answer);

/// The answer APDU in "+CGLA: <length>,<data>" or "+CSIM: ..." (27.007, 8.43 and 8.17), with or
/// without quotation marks or prefix, also where the modem broke the digits over several lines or
/// counts octets instead of digits.
std::optional<bytes> apdu_in(const reply& answer, std::string_view prefix);

}  // namespace platform::at
