#pragma once

#include "platform/find_modems.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace platform {

/// What an automatic channel found; kind none until then. Control and doctor look at it.
using found_port = std::shared_ptr<modem_port>;

/// The first port of this device behind which an eUICC answers. Stays with it until it is gone, as
/// when a modem comes back under another name. A modem that somebody else has is not passed over
/// for another one: the customer's profile would land on the wrong card.
class auto_channel final : public euicc_channel {
public:
    struct ways {
        std::function<std::vector<modem_port>()> find;  // in the order in which they are tried
        std::function<std::unique_ptr<euicc_channel>(const modem_port&)> make;
        std::function<bool()> has_modem_manager;  // then AT ports are its own, unless udev says no
    };

    /// `applications` are the names of the ISD-R that is looked for.
    auto_channel(ways by, std::vector<bytes> applications, found_port found);

    task<void> acquire() override;
    task<void> open(bytes aid) override;
    task<bytes> transmit(bytes apdu, std::chrono::milliseconds limit) override;
    task<void> close() override;
    void release() override;
    task<bool> announce_terminal() override;
    task<std::string> imei() override;
    bool has_modem() const override;

private:
    task<void> search();
    task<void> try_port(modem_port port);
    std::optional<result<void>> known(const bytes& aid);
    void drop();

    ways by_;
    std::vector<bytes> applications_;
    found_port found_;
    std::unique_ptr<euicc_channel> channel_;
    std::optional<bytes> selected_;  // by the search: who opens it next has it already
};

}  // namespace platform
