#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/report/event.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace agent::report {

/// What a destination made of a report.
struct verdict {
    enum class kind { accepted, refused, gone, later, lost };  // lost: there is nothing to send

    kind what = kind::later;
    std::string words{};  // why not
    std::optional<std::chrono::seconds> retry_after{};
};

/// Who this device is, as far as that is known.
struct device_identity {
    std::string eid{};
    agent::iccid iccid{};
    std::string customer_uid{};

    friend bool operator==(const device_identity&, const device_identity&) = default;
};

/// The device that a report is about.
inline device_identity identity_of(const rendered_report& what)
{
    return {what.eid, what.iccid, what.customer_uid};
}

/// Where reports go: one implementation for each kind.
class destination {
public:
    destination() = default;
    virtual ~destination() = default;
    destination(const destination&) = delete;
    destination& operator=(const destination&) = delete;

    /// For people: its kind and host.
    virtual std::string name() const = 0;
    /// Says who this device is, before there is a report.
    virtual void introduce(const device_identity&) {}
    /// What it calls with each order that comes from there (provision::parse_desired()); only where
    /// orders are allowed.
    virtual void on_order(std::function<void(std::string_view text)>) {}
    /// Tells those who give orders how the device stands (provision::to_reported()).
    virtual void show_state(const std::string&) {}
    /// Tries the way there, and whether the device is let in; sends no report. Gives what it saw.
    virtual task<std::string> check(device_identity as) = 0;
    /// Delivers one report. Ends within a limit of its own, and when it is cancelled.
    virtual asio::awaitable<verdict> send(rendered_report what) = 0;
    /// What it has to do beside sending, until it is cancelled: keeping a connection.
    virtual asio::awaitable<void> serve() = 0;
};

}  // namespace agent::report
