#include "agent/gigastore/types.hpp"

#include <algorithm>
#include <cctype>

#include "platform/text.hpp"

namespace agent::gigastore {
std::optional<double> data_size::megabytes() const
{
    std::string known = platform::upper(unit);
    if (known == "MB")
        return value;
    if (known == "GB")
        return value * 1024;
    if (known == "TB")
        return value * 1024 * 1024;
    return std::nullopt;
}

std::string_view status_of(const activated_item& item, timestamp now)
{
    if (platform::same_ignoring_case(item.status, "REFUNDED"))
        return "refunded";
    if (!item.balance.activated_at)
        return "purchased";
    bool is_over = item.balance.expires_at && *item.balance.expires_at <= now;
    return is_over ? "expired" : "activated";
}

esim_state esim_state_from(std::string_view text)
{
    std::string known = platform::upper(text);
    if (known == "RELEASED")
        return esim_state::released;
    if (known == "INSTALLED")
        return esim_state::installed;
    if (known == "DISABLED")
        return esim_state::disabled;
    if (known == "ERROR")
        return esim_state::error;
    return esim_state::other;
}

bool same_uid(std::string_view left, std::string_view right)
{
    return platform::same_ignoring_case(left, right);
}

bool is_plain_uid(std::string_view uid)
{
    constexpr std::size_t longest = 64;
    bool is_plain = std::ranges::all_of(uid, [](char each) {
        return std::isalnum(static_cast<unsigned char>(each)) != 0 || each == '-' || each == '_';
    });
    return is_plain && uid.size() <= longest;
}

}  // namespace agent::gigastore
