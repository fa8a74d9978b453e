#pragma once

#include "agent/base/iccid.hpp"
#include "agent/report/stage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace agent::report {

/// How much is kept for destinations that cannot be reached.
struct outbox_limits {
    std::size_t count = 1'000;
    std::size_t bytes = 1024 * 1024;
};

/// A report that waits, without its content.
struct waiting_report {
    std::uint64_t number = 0;  // in the order of the outbox
    std::string id{};
    agent::iccid iccid{};
    report::stage stage = report::stage::unknown;
    std::size_t size = 0;
    int dropped_reports = 0;
    std::string unsaved{};  // its content, as long as the disk did not take it
};

/// The numbers of the reports that give way when there are more than the limits allow: the oldest
/// first, but the newest about each eSIM stays as long as anything else can go, and so does what
/// tells of losses. Never the last, which was just added. Empty if all fits.
std::vector<std::uint64_t> what_to_drop(
    const std::vector<waiting_report>& waiting, const outbox_limits& limits);

}  // namespace agent::report
