#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/report/stage.hpp"
#include "platform/clock.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace agent::report {

/// Something that happened to this device's eSIM, for whoever runs the fleet. Holds no secret.
struct event {
    report::stage stage = report::stage::unknown;
    std::string occurrence{};  // what makes it another one than the last of the same stage
    std::string eid{};         // empty until the card was read
    agent::iccid iccid{};      // none if it is about no eSIM
    std::string imsi{};        // as Gigastore knows it
    std::string customer_uid{};
    std::string profile_state{};  // by now, as Gigastore spells it; empty if it is not known
    std::string modem{};          // its IMEI
    boost::json::object more{};   // what belongs to this stage: "error", "percent", ...
    platform::clock_reading at = platform::read_clock();
};

/// A report as destinations get it: the event's CloudEvent, and what they need to know of it.
struct rendered_report {
    std::string id{};
    report::stage stage = report::stage::unknown;
    std::string eid{};
    agent::iccid iccid{};
    std::string imsi{};
    std::string customer_uid{};
    std::string profile_state{};
    int dropped_reports = 0;    // of stage::dropped
    std::string cloud_event{};  // CloudEvents 1.0 JSON; agent/report/report.schema.json
};

/// The id of an event: the same for the same device, eSIM, stage and occurrence, however often it
/// is made; a UUID (RFC 9562, version 8).
std::string id_of(const event& what);

/// The event as it is kept and sent.
rendered_report render(const event& what);

/// A report that was kept: from its CloudEvent. Fails with platform::errc::damaged if it is none.
result<rendered_report> read_report(std::string cloud_event);

/// A report as the body of Gigastore's own eSIM-status webhook; empty for one that changes nothing
/// about a profile's state.
std::string to_gigastore(const rendered_report& what);

}  // namespace agent::report
