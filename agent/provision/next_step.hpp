#pragma once

#include "agent/gigastore/types.hpp"
#include "agent/lpa/types.hpp"
#include "agent/provision/memory.hpp"
#include "agent/provision/wanted.hpp"
#include "platform/modem_control.hpp"

#include <optional>
#include <string>
#include <vector>

namespace agent::provision {

/// What is to be done next, in the order of a whole installation.
enum class step {
    look_at_card,
    ask_gigastore,
    download,
    enable,
    await_registration,
    go_online,
    fall_back,
    notify,
    remove_replaced,
    rest,  // nothing to do until something changes, or the next poll
};

/// What the card said.
struct card_view {
    std::string eid{};
    std::string imei{};
    std::vector<lpa::profile> profiles{};
    std::size_t notifications = 0;  // that wait for their servers
};

/// The way that data takes through the modem.
struct data_path {
    std::string interface_name{};
    std::string apn{};  // empty: the modem's own
    bool is_guessed = false;
};

/// What is allowed to be done.
struct policy {
    bool has_card = false;  // a modem or reader is configured
    bool enables = true;
    bool controls_modem = false;
    bool goes_online = false;
    bool falls_back = true;
    bool deletes_replaced = false;
    bool takes_remote_orders = false;  // which come to its EID
};

/// All that the next step depends on.
struct situation {
    provision::policy allowed{};
    provision::wanted want{};
    std::optional<card_view> card{};                  // nothing: it was not looked at yet
    std::optional<gigastore::customer> customer{};    // nothing: it was not asked yet
    std::optional<platform::registration> network{};  // nothing: the modem was not asked yet
    bool has_tried_notifications = false;
    bool has_tried_network = false;     // and did not get on it
    std::optional<data_path> online{};  // nothing: it was not tried yet, or did not lead out
    bool has_tried_online = false;
    std::optional<failure> refused{};  // what the card does not allow, until the next look
    std::string imei{};                // the modem's, since the card was first read
    memory past{};
};

/// The next step, towards which eSIM, and in one line why.
struct next {
    step what = step::rest;
    agent::iccid iccid{};
    std::string reason{};
    std::optional<failure> trouble{};  // why it rests, if that is no good news
    bool is_told = false;              // the trouble was reported when it came up
    bool is_pending = false;           // something is awaited: look again soon
};

/// What has to be done to bring this device to its wanted eSIM. Pure: the same situation, the same
/// step; whoever performs it looks again afterwards.
next next_step(const situation& now);

/// The customer's eSIM of that ICCID; null if there is none.
const gigastore::esim* find_esim(const gigastore::customer& who, const iccid& which);
/// A digest of an eSIM's activation code; empty if it has none.
std::string code_digest_of(const gigastore::esim& one);

}  // namespace agent::provision
