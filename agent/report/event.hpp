#pragma once

#include "platform/clock.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace agent::report {

/// Something that happened to this device's eSIM, for whoever runs the fleet. Holds no secret.
struct event {
    std::string stage{};     // "installed", "failed", "balance-low", ... (DESIGN, stages)
    std::string occasion{};  // what makes it another one than the last of the same stage
    std::string eid{};       // empty until the card was read
    std::string iccid{};     // empty if it is about no eSIM
    std::string imsi{};      // as Gigastore knows it
    std::string customer_uid{};
    std::string profile_state{};  // as Gigastore spells it; empty if this says nothing about it
    std::string modem{};          // its IMEI
    boost::json::object more{};   // what belongs to this stage: "error", "percent", ...
    platform::clock_reading at = platform::read_clock();
};

/// The id of an event: the same for the same device, eSIM, stage and occasion, however often it is
/// made; a UUID (RFC 9562, version 8).
std::string id_of(const event& what);

/// The event as CloudEvents 1.0 JSON; agent/report/report.schema.json describes it.
std::string to_cloud_event(const event& what);

/// A CloudEvent as the body of Gigastore's own eSIM-status webhook; empty for one that says
/// nothing about a profile's state.
std::string to_gigastore(std::string_view cloud_event);

/// An EID without its middle, for logs: "8904...1230".
std::string shortened(std::string_view number);

}  // namespace agent::report
