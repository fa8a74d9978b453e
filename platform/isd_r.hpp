#pragma once

#include "platform/euicc_channel.hpp"
#include "platform/log.hpp"
#include "platform/segment_memory.hpp"

#include <vector>

namespace platform {

/// The names under which cards are known to have their ISD-R: SGP.22's own first, then those of
/// removable eUICCs that chose another.
std::vector<bytes> known_isd_r_aids();

struct isd_r_settings {
    std::vector<bytes> aids = known_isd_r_aids();
    std::size_t segment = 255;        // octets in one STORE DATA, where card and path take them
    std::size_t least_segment = 120;  // after 255 and 120 were refused
    segment_memory memory{"", ""};    // of what this path took before
};

/// The eUICC's ISD-R: whole ES10 commands over whichever channel there is. The rules of T=0 and
/// the segments of STORE DATA are here, and nowhere else.
class isd_r {
public:
    isd_r(euicc_channel& channel, isd_r_settings settings, logger& log);

    /// Takes the modem or reader, and selects the first ISD-R there is. Fails with a channel_errc.
    task<void> open();
    /// Selects it again after the card was reset: the channel may be there or not.
    task<void> reopen();
    /// Closes the logical channel as far as it is there: the card is about to be reset.
    boost::asio::awaitable<void> lose();
    /// Closes the logical channel and gives modem or reader free.
    task<void> close();
    bool is_open() const { return is_open_; }

    /// Sends one ES10 command by STORE DATA and gives its answer (SGP.22, 5.7.2). The answer to
    /// the last segment may take `limit`. Fails with channel_errc::card_refused for a status word
    /// that is an error.
    task<bytes> store_data(bytes command, std::chrono::milliseconds limit = usual_apdu_limit);

    euicc_channel& channel() { return channel_; }
    /// The octets of one STORE DATA, as they came to be so far.
    std::size_t segment_size() const { return segment_; }

private:
    struct answered {
        bytes data{};
        unsigned status = 0;
    };

    task<void> select();
    task<answered> exchange(bytes apdu, std::chrono::milliseconds limit);
    task<bytes> send_segments(bytes command, std::chrono::milliseconds limit);
    /// Whether a segment was too long, and what to do about that.
    enum class size_fault { none, next_time, at_once };
    size_fault fault_of(const failure& why, std::size_t size, bool is_last) const;
    bool step_down();

    euicc_channel& channel_;
    isd_r_settings settings_;
    logger& log_;
    std::size_t segment_;
    std::size_t proven_ = 0;               // the longest that was taken
    size_fault fault_ = size_fault::none;  // of the last command
    bool is_open_ = false;
    bytes aid_;  // the one that was found
};

}  // namespace platform
