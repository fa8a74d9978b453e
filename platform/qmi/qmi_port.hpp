#pragma once

#include "platform/qmi/qmi_message.hpp"
#include "platform/result.hpp"
#include "platform/wdm_port.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace platform::qmi {

/// A modem that speaks QMI: requests and their answers, each service's under a client id that the
/// modem gives. It has about ten for each service, and a process that is killed takes its own
/// along: so they are written down, and released at the next start. Fails with a channel_errc.
class qmi_port {
public:
    explicit qmi_port(std::string device, std::string proxy = "qmi-proxy")
        : port_(std::move(device), std::move(proxy), length_of)
    {
    }

    /// Connects, and clears away what this program left when it was killed; true if that was
    /// anything.
    task<bool> open();
    /// One request to a service and its answer, which may bear an error (see error_in). Asks for a
    /// client id first where there is none.
    task<message> request(
        service of, std::uint16_t id, std::vector<parameter> with, std::chrono::milliseconds limit);
    /// The same, where an error is a failure of `doing`.
    task<message> demand(const char* doing, service of, std::uint16_t id,
        std::vector<parameter> with, std::chrono::milliseconds limit);
    /// Writes down the logical channel that is open; 0: none.
    void note_channel(int channel);
    /// Gives the client ids back, as far as the modem answers.
    boost::asio::awaitable<void> release_clients();
    void close();

private:
    struct client {
        service of = service::control;
        std::uint8_t id = 0;
    };

    task<void> reach_device();
    task<bool> clear_left_behind();
    task<std::uint8_t> client_for(service of);
    task<message> ask(message asked, std::chrono::milliseconds limit);
    task<message> converse(message asked);
    message make_release(const client& of) const;
    void write_note();

    wdm_port port_;
    std::vector<client> clients_{};
    std::uint16_t transaction_ = 0;
    int channel_ = 0;
};

/// What a note in a lock file names: "qmi 11:5,2:3 channel 1".
struct left_behind {
    std::vector<std::pair<std::uint8_t, std::uint8_t>> clients{};  // service and id
    int channel = 0;
};

/// Reads such a note; empty for anything else.
left_behind left_behind_in(const std::string& note);

}  // namespace platform::qmi
