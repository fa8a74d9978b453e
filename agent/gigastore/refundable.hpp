#pragma once

#include "agent/gigastore/types.hpp"

namespace agent::gigastore {

/// What speaks against a refund, as far as a package tells (API page Package Refund). Whether it
/// was bought with credits, and how much the reseller may still refund this month, only Gigastore
/// knows.
enum class refund_obstacle { none, refunded, expired, used };

refund_obstacle refund_obstacle_of(const activated_item& item, timestamp now);

/// That as a word for programs: "used"; empty for none.
const char* name_of(refund_obstacle what);

}  // namespace agent::gigastore
