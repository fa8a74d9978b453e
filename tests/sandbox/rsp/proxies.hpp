#pragma once

#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/rsp/card.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sandbox::rsp {

// Modems that speak QMI and MBIM, behind stand-ins for qmi-proxy and mbim-proxy: Unix sockets with
// their abstract names, which belong to a network namespace. What is coded here is coded apart
// from the agent, so that an error in one shows.

/// A proxy's socket, for any number of clients, and one modem behind it.
class proxy_port {
public:
    proxy_port(
        boost::asio::io_context& io, const std::string& abstract, card& inside, faults& active);
    virtual ~proxy_port() = default;
    proxy_port(const proxy_port&) = delete;
    proxy_port& operator=(const proxy_port&) = delete;

    /// Kills the process that spoke last.
    void kill_client();

protected:
    /// The length of the message that begins there; 0 as long as it cannot be told.
    virtual std::size_t length_of(byte_view begin) const = 0;
    /// What is said to one message; empty: nothing.
    virtual bytes answer(byte_view message) = 0;

    /// An APDU as the modem passes it on; it counts towards the time that the answer takes.
    bytes transmit(byte_view apdu);
    /// MANAGE CHANNEL and SELECT: the channel, or 0 and the status word that was in the way.
    std::pair<int, bytes> open_channel(byte_view aid, std::uint8_t p2);
    /// MANAGE CHANNEL, as a status word.
    bytes close_channel(int channel);
    /// As the modem read it when the card was last powered up.
    const std::string& read_iccid() const { return read_iccid_; }
    void power_card(bool is_on);
    bool is_registered() const { return !read_iccid_.empty(); }

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::local::stream_protocol::socket client);

    boost::asio::local::stream_protocol::acceptor acceptor_;
    card& card_;
    faults& faults_;
    int client_ = 0;  // process id
    std::chrono::milliseconds wait_{0};
    std::string read_iccid_;
};

/// QMI's CTL, UIM, and what is needed of DMS and NAS. Has ten client ids for each service, and
/// keeps those of clients that are gone.
class qmi_modem final : public proxy_port {
public:
    qmi_modem(boost::asio::io_context& io, card& inside, faults& active)
        : proxy_port(io, "qmi-proxy", inside, active)
    {
    }

    /// The client ids that are taken.
    std::size_t clients() const;

private:
    using fields = std::vector<std::pair<unsigned, bytes>>;

    std::size_t length_of(byte_view begin) const override;
    bytes answer(byte_view message) override;
    fields control(unsigned id, const fields& asked);
    fields sim(unsigned id, const fields& asked);

    std::map<unsigned, std::set<unsigned>> taken_;  // by service
};

/// MBIM's OPEN and CLOSE, Microsoft's UICC access, and what is needed of Basic Connect.
class mbim_modem final : public proxy_port {
public:
    /// One that `wants_extended` knows only the second way of opening (L850-GL, T99W175).
    mbim_modem(boost::asio::io_context& io, card& inside, faults& active, bool wants_extended)
        : proxy_port(io, "mbim-proxy", inside, active), wants_extended_(wants_extended)
    {
    }

private:
    std::size_t length_of(byte_view begin) const override;
    bytes answer(byte_view message) override;
    /// The status, and the information that goes with it.
    std::pair<std::uint32_t, bytes> perform(
        const std::string& service, std::uint32_t id, byte_view with);
    std::pair<std::uint32_t, bytes> uicc(std::uint32_t id, byte_view with);
    std::pair<std::uint32_t, bytes> basic(std::uint32_t id) const;

    bool wants_extended_;
};

}  // namespace sandbox::rsp
