#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "platform/log.hpp"
#include "platform/modem_control.hpp"

#include <chrono>
#include <string>

namespace agent::provision {

/// What the program that brings the interface up is told.
struct data_order {
    agent::iccid iccid{};
    platform::registration network{};
    platform::data_settings wanted{};
    platform::data_connection there{};
    std::string port{};  // what the modem calls it: for PPP a serial port
};

/// One line of JSON, as esim-agent.xml(5) describes it. It may hold a password.
platform::wiped_string to_line(const data_order& what);

/// Runs `program up` with that line at its standard input; what it writes goes to the log. Fails
/// with errc::not_online if it ends with another status than 0 or takes longer than `limit`, with
/// platform::errc::configuration if it cannot be run.
task<void> run_data_program(
    std::string program, data_order what, std::chrono::milliseconds limit, platform::logger& log);

}  // namespace agent::provision
