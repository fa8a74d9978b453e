#include "agent/gigastore/refundable.hpp"

namespace agent::gigastore {

refund_obstacle refund_obstacle_of(const activated_item& item, timestamp now)
{
    if (state_of(item, now) == package_state::refunded)
        return refund_obstacle::refunded;
    bool is_over =
        item.balance.activated_at && item.balance.expires_at && *item.balance.expires_at <= now;
    if (is_over || state_of(item, now) == package_state::expired)
        return refund_obstacle::expired;
    auto size = item.balance.size ? item.balance.size->megabytes() : std::nullopt;
    auto left = item.balance.available ? item.balance.available->megabytes() : std::nullopt;
    bool is_used = size && left && *left < *size;
    return is_used ? refund_obstacle::used : refund_obstacle::none;
}

const char* name_of(refund_obstacle what)
{
    switch (what) {
    case refund_obstacle::refunded: return "refunded";
    case refund_obstacle::expired: return "expired";
    case refund_obstacle::used: return "used";
    case refund_obstacle::none: break;
    }
    return "";
}

}  // namespace agent::gigastore
