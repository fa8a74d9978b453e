#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/esim/card_gate.hpp"
#include "agent/esim/set_profile_state.hpp"
#include "platform/log.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <string>

namespace agent::control {

/// What the local API does with the card, one request at a time: each waits for the card, opens it
/// and closes it again.
class card_requests {
public:
    card_requests(esim::installer& card, esim::card_gate& gate, platform::logger& log)
        : card_(card), gate_(gate), log_(log)
    {
    }

    /// {"profiles": [...]}, as `esim-agent --json profile list` has it.
    task<boost::json::object> profiles();
    /// The profile as it is then, or {"iccid", "state": "deleted"}; its notifications are sent.
    /// `before` is called once the card is ours: nobody else sees what it changes too early.
    task<boost::json::object> change(
        iccid which, esim::profile_change what, std::function<void()> before);
    /// {"notifications": [...]}, as `esim-agent --json notification send` has it.
    task<boost::json::object> send_notifications();

private:
    using work = std::function<task<boost::json::object>()>;

    task<boost::json::object> with_card(std::string use, work what);
    task<boost::json::object> list();
    task<boost::json::object> change_open(iccid which, esim::profile_change what);
    task<boost::json::object> send_open();

    esim::installer& card_;
    esim::card_gate& gate_;
    platform::logger& log_;
};

}  // namespace agent::control
